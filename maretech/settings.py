"""All settings, read from the environment only; `.env.example` lists every variable.

Without any environment this is a development machine that needs no services: SQLite, a filesystem broker, a local
object store with signed links, and mail on the console. `maretech/checks` refuses a production with an unsafe default.
"""

import os
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
from celery.schedules import crontab
from kombu import Queue

from accounts.notifications.push_services import PUSH_SERVICES
from maretech.api_docs.guide import guide_text
from maretech.api_docs.tags import TAGS
from maretech.common.observability.logging import logging_config
from maretech.environment import Environment

django_stubs_ext.monkeypatch()  # so that generic Django classes can say what they hold

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()
env.read_env(env.str("ENV_FILE", str(BASE_DIR / ".env")))

# --- Environment of this process ----------------------------------------------------------------------------------
ENVIRONMENT = env.str("ENVIRONMENT", "development")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", False)
# Services on other machines are for production; a trial on several machines (compose) sets this.
ALLOW_REMOTE_SERVICES = env.bool("ALLOW_REMOTE_SERVICES", False)
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var"))).resolve()

INSECURE_SECRET_KEY = "insecure-development-only-key-never-accepted-in-production"  # noqa: S105 - says so itself
# Django would refuse an empty one with a traceback, before the checks could name it.
SECRET_KEY = env.str("SECRET_KEY", "") or INSECURE_SECRET_KEY
JWT_SIGNING_KEY = env.str("JWT_SIGNING_KEY", SECRET_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where browsers reach the admin: links in mails begin with it.
_ORIGINS = [*CSRF_TRUSTED_ORIGINS, *([f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else [])]
PUBLIC_URL = env.str(
    "PUBLIC_URL", _ORIGINS[0] if _ORIGINS else f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
).rstrip("/")
# Proxies in front of the server that append to X-Forwarded-For. With 0 the header is ignored.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)

# --- Django ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",  # these first, because accounts unregisters some of their admin pages
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "maretech.apps.MaretechConfig",
    "maretech.common.apps.CommonConfig",
    "accounts.apps.AccountsConfig",
    "notifications.apps.NotificationsConfig",
    "billing.apps.BillingConfig",
    "vessels.apps.VesselsConfig",
    "inspections.apps.InspectionsConfig",
    "corrosion.apps.CorrosionConfig",
    "osmosis.apps.OsmosisConfig",
    "dossiers.apps.DossiersConfig",
    "surveys.apps.SurveysConfig",
    "maretech.apps.StaffAdminConfig",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "maretech.common.observability.request_id.RequestIdMiddleware",
    "maretech.common.http.security_headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "maretech.common.staff.middleware.StaffSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "maretech.common.staff.middleware.StaffAuthenticationMiddleware",
    "maretech.common.staff.middleware.StaffVerificationMiddleware",
    "maretech.common.staff.middleware.StaffMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "maretech.common.http.options_method.OptionsMiddleware",
    "maretech.common.http.deprecation.DeprecationMiddleware",
]
ROOT_URLCONF = "maretech.urls"
WSGI_APPLICATION = "maretech.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
LANGUAGE_CODE = "en"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# In development a changed file shows at once, and no process reads every static file when it starts.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
# The built web app: `make web` writes it. Without it the server runs, and `/app/` says that it is missing.
WEB_APP_DIR = BASE_DIR / "web" / "dist"
if WEB_APP_DIR.is_dir():
    WHITENOISE_ROOT = WEB_APP_DIR
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/app/assets/"  # their names hold a hash of their content
LOGGING_CONFIG = None
LOG_LEVEL = env.one_of("LOG_LEVEL", "INFO", words=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = logging_config(json_lines=env.bool("LOG_JSON", PRODUCTION), level=LOG_LEVEL)

# --- Metrics -----------------------------------------------------------------------------------------------------
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
METRICS_DIR = VAR_DIR / "metrics"
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)  # read by prometheus-client when it is loaded

# --- Database ----------------------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'maretech.sqlite3'}")
}
DATABASE_STATEMENT_SECONDS = env.int("DATABASE_STATEMENT_SECONDS", 60)
DATABASE_LOCK_SECONDS = env.int("DATABASE_LOCK_SECONDS", 20)
DATABASE_IDLE_SECONDS = env.int("DATABASE_IDLE_SECONDS", 60)
PGOPTIONS = env.str("PGOPTIONS", "")
# libpq reads these for parts missing in the address, so the checks read them too.
PGHOST, PGHOSTADDR = env.str("PGHOST", ""), env.str("PGHOSTADDR", "")
PGSERVICE, PGSSLMODE = env.str("PGSERVICE", ""), env.str("PGSSLMODE", "")
USES_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if USES_SQLITE:
    # IMMEDIATE: a transaction takes the write lock when it starts, so it can never fail half-way for want of it.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    # On disk, because a race test's threads cannot share a database in memory.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
else:
    DATABASES["default"]["ENGINE"] = "maretech.common.database.postgres"  # Django's own; errors show no values
    DATABASES["default"]["CONN_MAX_AGE"] = None
    # Every wait has a limit: for a row lock, for a statement, and for a lost peer.
    waits = {
        "statement_timeout": DATABASE_STATEMENT_SECONDS,
        "lock_timeout": DATABASE_LOCK_SECONDS,
        "idle_in_transaction_session_timeout": DATABASE_IDLE_SECONDS,
    }
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),  # from the URL: sslmode and its certificates
        # Prepared from the second use on: a statement of a migration may be two commands, which cannot be prepared.
        "server_side_binding": True,
        "prepare_threshold": 1,
        "connect_timeout": 5,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
        "options": " ".join([f"-c {name}={seconds}s" for name, seconds in waits.items()] + [PGOPTIONS]),
    }

# --- Broker and tasks --------------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", REDIS_URL or "filesystem://localhost//")
# Celery prefers the environment to its settings, and reads two more variables: the checks must see all of them.
if "CELERY_BROKER_URL" in os.environ:
    os.environ["CELERY_BROKER_URL"] = CELERY_BROKER_URL
for _name in ("CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL"):
    os.environ.pop(_name, None)
if CELERY_BROKER_URL.startswith("rediss://"):
    CELERY_BROKER_USE_SSL = {"ssl_cert_reqs": ssl.CERT_REQUIRED}  # its client requires none by default
USES_FILESYSTEM_BROKER = CELERY_BROKER_URL.startswith("filesystem://")
BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
    if USES_FILESYSTEM_BROKER
    else {
        "visibility_timeout": 600,
        "max_retries": 0,  # a request must not wait for a broker that is down; workers reconnect by rules of their own
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 15,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "housekeeping"
# The owner waits at the hull while a photo check runs, so it has a queue of its own. A payment provider that hangs, an
# export of a thousand photos or a mail server that does not answer delays only its own queue, never the sweep.
TASK_QUEUES = ("checks", "analyses", "dossiers", "sweep", "payments", "privacy", "notifications", "housekeeping")
CELERY_TASK_ROUTES = {
    "billing.tasks.*": {"queue": "payments"},
    "notifications.tasks.*": {"queue": "notifications"},
    "inspections.tasks.sweep": {"queue": "sweep"},
    "corrosion.tasks.send_pending_comparisons": {"queue": "sweep"},
    # Behind the analyses, which come first, and in processes that have loaded the engine.
    "corrosion.tasks.recompute_outdated_steps": {"queue": "analyses"},
    # Renderings take seconds of a core, and transcriptions minutes; another service may keep them waiting.
    "dossiers.tasks.render_dossier": {"queue": "dossiers"},
    "dossiers.tasks.transcribe_recording": {"queue": "dossiers"},
    "dossiers.tasks.refine_statement": {"queue": "dossiers"},
    "dossiers.tasks.work_on_letter": {"queue": "dossiers"},
    "dossiers.tasks.send_dossier_mail": {"queue": "notifications"},
    "dossiers.tasks.resume_dossier_work": {"queue": "sweep"},
}
CELERY_TASK_QUEUES = [Queue(name) for name in TASK_QUEUES]
CELERY_TASK_TIME_LIMIT = env.int("TASK_HARD_LIMIT_SECONDS", 300)
CELERY_TASK_SOFT_TIME_LIMIT = env.int("TASK_SOFT_LIMIT_SECONDS", 240)

JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 60)
JOB_MAX_ATTEMPTS = env.int("JOB_MAX_ATTEMPTS", 3)
JOB_REENQUEUE_SECONDS = env.int("JOB_REENQUEUE_SECONDS", 30)
SWEEP_SECONDS = env.int("SWEEP_SECONDS", 15)
# A message outlives the sending of the next one a little, so that no worker idles between the two, and not more, so
# that messages never pile up behind a backlog.
JOB_MESSAGE_SECONDS = JOB_REENQUEUE_SECONDS + 3 * SWEEP_SECONDS
COMPARISONS_RECOMPUTED_AT_ONCE = env.int("COMPARISONS_RECOMPUTED_AT_ONCE", 4)
WORKER_STOP_SECONDS = env.int("WORKER_STOP_SECONDS", 10)
HEARTBEAT_SECONDS = env.int("HEARTBEAT_SECONDS", 10)
HEARTBEAT_STALE_SECONDS = env.int("HEARTBEAT_STALE_SECONDS", 60)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "inspections.tasks.sweep",
        "schedule": timedelta(seconds=SWEEP_SECONDS),
        "options": {"expires": SWEEP_SECONDS},
    },
    "purge-deleted": {
        "task": "inspections.tasks.purge_deleted",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 60},
    },
    "sweep-objects": {
        "task": "inspections.tasks.sweep_objects",
        "schedule": crontab(minute=41),
        "options": {"expires": 3000},
    },
    "look-after-payments": {
        "task": "billing.tasks.look_after_payments",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 15},
    },
    "reconcile-yesterday": {
        "task": "billing.tasks.reconcile_yesterday",
        "schedule": crontab(hour=3, minute=17),
        "options": {"expires": 3600},
    },
    "remind-of-ending-subscriptions": {
        "task": "billing.tasks.remind_of_ending_subscriptions",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "remind-of-expiring-inspections": {
        "task": "inspections.tasks.remind_of_expiring_inspections",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "send-due-deliveries": {
        "task": "notifications.tasks.send_due_deliveries",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 15},
    },
    "look-for-voided-purchases": {  # Google Play
        "task": "billing.tasks.look_for_voided_purchases",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "send-comparisons": {
        "task": "corrosion.tasks.send_pending_comparisons",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "recompute-outdated-steps": {
        "task": "corrosion.tasks.recompute_outdated_steps",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 15},
    },
    "send-due-reminders": {
        "task": "corrosion.tasks.send_due_reminders",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 60},
    },
    "send-lift-out-notices": {
        "task": "osmosis.tasks.send_lift_out_notices",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 60},
    },
    "resume-dossier-work": {
        "task": "dossiers.tasks.resume_dossier_work",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 15},
    },
    "purge-dossiers": {
        "task": "dossiers.tasks.purge_dossiers",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 60},
    },
    "sweep-dossier-objects": {
        "task": "dossiers.tasks.sweep_dossier_objects",
        "schedule": crontab(minute=47),
        "options": {"expires": 3000},
    },
    "sweep-handovers": {
        "task": "vessels.tasks.sweep_handovers",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "sweep-appointments": {
        "task": "surveys.tasks.sweep_appointments",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 15},
    },
    "send-reset-codes": {
        "task": "accounts.tasks.send_pending_reset_codes",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "send-mails": {
        "task": "accounts.tasks.send_pending_mails",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "carry-on-erasures-and-exports": {
        "task": "accounts.tasks.carry_on",
        "schedule": timedelta(seconds=30),
        "options": {"queue": "privacy", "expires": 30},
    },
    "apply-retention": {
        "task": "maretech.common.tasks.apply_retention",
        "schedule": crontab(hour=2, minute=43),
        "options": {"queue": "privacy", "expires": 3600},
    },
    "forget-expired": {
        "task": "maretech.common.tasks.forget_expired",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    **{
        f"heartbeat-{queue}": {
            "task": "maretech.common.tasks.heartbeat",
            "schedule": timedelta(seconds=HEARTBEAT_SECONDS),
            "args": (queue,),
            "options": {"queue": queue, "expires": HEARTBEAT_STALE_SECONDS},
        }
        for queue in TASK_QUEUES
    },
}

# --- Object store ------------------------------------------------------------------------------------------------
S3_BUCKET = env.str("S3_BUCKET", "")
S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", "")
# The store's address for phones, if it differs from the servers'.
S3_PUBLIC_ENDPOINT_URL = env.str("S3_PUBLIC_ENDPOINT_URL", S3_ENDPOINT_URL)
S3_REGION = env.str("S3_REGION", "us-east-1")
S3_ACCESS_KEY_ID = env.str("S3_ACCESS_KEY_ID", "")
S3_SECRET_ACCESS_KEY = env.str("S3_SECRET_ACCESS_KEY", "")
S3_CHECKSUMS = env.bool("S3_CHECKSUMS", True)
OBJECT_STORE_DIR = VAR_DIR / "objects"
UPLOAD_LINK_SECONDS = env.int("UPLOAD_LINK_SECONDS", 3600)
VIEW_LINK_SECONDS = env.int("VIEW_LINK_SECONDS", 900)
# With the hourly sweep: gone within 25 hours.
ORPHAN_AGE_HOURS = env.int("ORPHAN_AGE_HOURS", 24)
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": OBJECT_STORE_DIR}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- The API -----------------------------------------------------------------------------------------------------
RATE_LIMITS = {
    "default": env.str("RATE_LIMIT_DEFAULT", "100/min"),
    "credentials": env.str("RATE_LIMIT_CREDENTIALS", "10/min"),
    # Developers sign in often.
    "account": env.str("RATE_LIMIT_ACCOUNT", "30/hour" if PRODUCTION else "100000/hour"),
    "payments": env.str("RATE_LIMIT_PAYMENTS", "10/min"),
    "webhooks": env.str("RATE_LIMIT_WEBHOOKS", "60/min"),
    "poll": env.str("RATE_LIMIT_POLL", "120/min"),
    "uploads": env.str("RATE_LIMIT_UPLOADS", "600/min"),
}
FILE_UPLOAD_HANDLERS = ["maretech.common.http.parsing.NoFiles"]
MAX_REQUEST_BODY_BYTES = env.int("MAX_REQUEST_BODY_BYTES", 256 * 1024)
IDEMPOTENCY_KEEP_HOURS = env.int("IDEMPOTENCY_KEEP_HOURS", 96)
IDEMPOTENCY_TAKEOVER_SECONDS = env.int("IDEMPOTENCY_TAKEOVER_SECONDS", 60)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.identity.authentication.SessionTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["maretech.common.http.throttling.ScopedThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["maretech.common.http.parsing.BoundedJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "maretech.common.http.parsing.AlwaysJSON",
    "DEFAULT_SCHEMA_CLASS": "maretech.api_docs.schema.DocumentedSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "maretech.common.http.exception_handler.handle_exception",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Maretech",
    "DESCRIPTION": guide_text(),
    "TAGS": [{"name": name, "description": text} for name, text in TAGS.items()],
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "maretech.common.http.openapi.describe_headers",
        "maretech.api_docs.hooks.describe_null",
        "maretech.api_docs.hooks.describe_blank",
        "maretech.api_docs.hooks.plain_words",
        "maretech.api_docs.hooks.name_parameter_enums",
        "maretech.api_docs.hooks.require_alternatives",
        "maretech.api_docs.hooks.open_enums",
        "maretech.api_docs.hooks.add_examples",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ModeEnum": "inspections.vocabulary.Mode.choices",
        "AngleEnum": "inspections.vocabulary.Angle.choices",
        "QueuedEnum": ["queued"],
        "PendingEnum": ["pending"],
        "ReadyEnum": ["ready"],
        "InspectionStatusEnum": "inspections.vocabulary.InspectionStatus.choices",
        "JobStateEnum": "inspections.vocabulary.JobState.choices",
        "AssetStateEnum": "inspections.vocabulary.AssetState.choices",
        "SignalDetectedEnum": "inspections.vocabulary.SignalDetected.choices",
        "ConfidenceLevelEnum": "inspections.vocabulary.ConfidenceLevel.choices",
        "PlanEnum": "billing.vocabulary.Plan.choices",
        "PlatformEnum": "accounts.vocabulary.Platform.phones",
        "WebPlatformEnum": [("web", "Web")],
        "OrderStatusEnum": "billing.vocabulary.OrderStatus.choices",
        "HandoverStatusEnum": "vessels.vocabulary.HandoverStatus.choices",
        "HandoverPartyEnum": "vessels.vocabulary.Party.choices",
        "ProductCodeEnum": "billing.vocabulary.ProductCode.choices",
        "ProviderEnum": "billing.vocabulary.Provider.choices",
        "StoreEnum": "billing.api.serializers.stores",
        "CheckoutStatusEnum": "billing.api.serializers.CHECKOUT_STATUSES",
        "CorrosionModeEnum": ["corrosion"],
        "DocumentVersionEnum": "accounts.identity.documents.VERSIONS",
        "AppointmentStatusEnum": "surveys.vocabulary.AppointmentStatus.choices",
        "AppointmentPartyEnum": "surveys.vocabulary.Party.choices",
        "CheckInResultEnum": "surveys.vocabulary.CheckInResult.choices",
        "AppointmentOutcomeEnum": "surveys.vocabulary.Outcome.choices",
        "DisputeStatusEnum": "surveys.vocabulary.DisputeStatus.choices",
        "PayoutStatusEnum": "billing.vocabulary.PayeePayoutState.choices",
        "DossierStatusEnum": "dossiers.vocabulary.DossierStatus.choices",
        "DossierPaperEnum": "dossiers.document.content.Paper.choices",
        "DeliveryChannelEnum": "dossiers.vocabulary.DeliveryChannel.choices",
        "MailChannelEnum": [("email", "E-mail")],
        "PostChannelEnum": [("post", "Post")],
        "DeliveryStatusEnum": "dossiers.vocabulary.DeliveryStatus.choices",
        "RecordingStateEnum": "dossiers.vocabulary.RecordingState.choices",
        "RefinementStateEnum": "dossiers.vocabulary.RefinementState.choices",
        "VerificationResultEnum": "dossiers.vocabulary.VerificationResult.choices",
        "HealthStatusEnum": ["ok"],
        "LocaleEnum": "notifications.vocabulary.Locale.choices",
        "MaintenanceKindEnum": "corrosion.vocabulary.MaintenanceKind.choices",
        "IncomparableReasonEnum": "corrosion.api.serializers.REASONS",
        "OsmosisModeEnum": ["osmosis"],
        "ProductKindEnum": ["one_time", "subscription"],
        "ReceiptStatusEnum": ["valid", "invalid"],
        "StepUpChannelEnum": "accounts.vocabulary.StepUpChannel.choices",
        "EmailDisabledReasonEnum": "notifications.vocabulary.DisabledReason.choices",
        "NotificationKindEnum": "notifications.api.serializers.OFFERED_KINDS",
        "PhotoWarningEnum": "inspections.vocabulary.PhotoWarning.choices",
        "RetakeReasonEnum": "inspections.api.serializers.RETAKE_REASONS",
        "CaptureHintEnum": "inspections.api.serializers.HINTS",
        "GuidanceEnum": "inspections.modes.corrosion.vocabulary.Guidance.choices",
        "InspectionFailureEnum": "inspections.vocabulary.FailureReason.choices",
        "DossierObstacleEnum": "dossiers.vocabulary.Obstacle.choices",
        "DossierFailureEnum": "dossiers.api.serializers.DRAFT_AGAIN",
        "RecordingFailureEnum": "dossiers.vocabulary.RecordingFailure.choices",
        "DeliveryFailureEnum": "dossiers.vocabulary.DeliveryFailure.choices",
    },
}

# --- Accounts ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.staff.backend.StaffBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.identity.password_spelling.NotBlankValidator"},
    {"NAME": "accounts.identity.password_spelling.MaximumLengthValidator"},
]
ACCESS_TOKEN_SECONDS = env.int("ACCESS_TOKEN_SECONDS", 900)
REFRESH_TOKEN_DAYS = env.int("REFRESH_TOKEN_DAYS", 60)
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": JWT_SIGNING_KEY,
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=ACCESS_TOKEN_SECONDS),
    # A timedelta cannot hold each number that can be read. The checks refuse such a number by its name.
    "REFRESH_TOKEN_LIFETIME": timedelta(days=max(0, min(REFRESH_TOKEN_DAYS, timedelta.max.days))),
}
RESET_CODE_MINUTES = env.int("RESET_CODE_MINUTES", 10)
RESET_CODE_TRIES = env.int("RESET_CODE_TRIES", 5)
STEP_UP_MINUTES = env.int("STEP_UP_MINUTES", 10)
STEP_UP_NEW_ADDRESS_HOURS = env.int("STEP_UP_NEW_ADDRESS_HOURS", 24)
EMAIL_CONFIG = env.mail("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
# A provider's HTTP API in place of a mail server. Its settings are those that django-anymail names.
EMAIL_PROVIDER = env.one_of(
    "EMAIL_PROVIDER",
    "",
    words=("", "brevo", "mailersend", "mailgun", "mailjet", "mandrill", "postmark", "resend", "sendgrid", "sparkpost"),
)
if EMAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"
ANYMAIL: dict[str, Any] = {"REQUESTS_TIMEOUT": EMAIL_TIMEOUT, **env.json_object("ANYMAIL")}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Maretech <no-reply@localhost>")

# --- Notifications -----------------------------------------------------------------------------------------------
# Notifications for staff go to the chat's webhook if there is one, else by mail to these addresses.
OPS_EMAIL = env.list("OPS_EMAIL", default=[])
OPS_WEBHOOK_URL = env.str("OPS_WEBHOOK_URL", "")

# --- Push --------------------------------------------------------------------------------------------------------
FCM_SERVICE_ACCOUNT_JSON = env.str("FCM_SERVICE_ACCOUNT_JSON", "")
FCM_BASE_URL = env.str("FCM_BASE_URL", "https://fcm.googleapis.com")
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", "")
VAPID_SUBJECT = env.str("VAPID_SUBJECT", "")
# The allowed hosts of browsers' subscriptions: owners name the address, and we call no other host.
PUSH_SERVICE_HOSTS = env.list("PUSH_SERVICE_HOSTS", default=list(PUSH_SERVICES))

# --- Statements --------------------------------------------------------------------------------------------------
TRANSCRIBER = env.one_of("TRANSCRIBER", "pocketsphinx", words=("pocketsphinx", "faster_whisper", "openai_endpoint"))
# Of faster_whisper and of the endpoint. Pocketsphinx knows English.
TRANSCRIPTION_LANGUAGES = env.list("TRANSCRIPTION_LANGUAGES", default=["en", "de"])
WHISPER_MODEL_DIR = env.str("WHISPER_MODEL_DIR", "")
WHISPER_THREADS = env.int("WHISPER_THREADS", 2)
TRANSCRIPTION_URL = env.str("TRANSCRIPTION_URL", "")
TRANSCRIPTION_KEY = env.str("TRANSCRIPTION_KEY", "")
TRANSCRIPTION_MODEL = env.str("TRANSCRIPTION_MODEL", "whisper-1")
REFINER = env.one_of("REFINER", "rules", words=("rules", "language_model"))
REFINEMENT_URL = env.str("REFINEMENT_URL", "")
REFINEMENT_KEY = env.str("REFINEMENT_KEY", "")
REFINEMENT_MODEL = env.str("REFINEMENT_MODEL", "")

# --- Retention ---------------------------------------------------------------------------------------------------
RETENTION_EXPORT_HOURS = env.int("RETENTION_EXPORT_HOURS", 24)
EXPORT_MAX_BYTES = env.int("EXPORT_MAX_BYTES", 2 * 1024**3)
RETENTION_RESET_CODE_HOURS = env.int("RETENTION_RESET_CODE_HOURS", 24)
RETENTION_SESSION_DAYS = env.int("RETENTION_SESSION_DAYS", 90)
RETENTION_WEBHOOK_DAYS = env.int("RETENTION_WEBHOOK_DAYS", 30)
RETENTION_HEARTBEAT_DAYS = env.int("RETENTION_HEARTBEAT_DAYS", 7)
RETENTION_NOTIFICATION_DAYS = env.int("RETENTION_NOTIFICATION_DAYS", 365)
RETENTION_RECORDING_DAYS = env.int("RETENTION_RECORDING_DAYS", 30)
RETENTION_HANDOVER_DAYS = env.int("RETENTION_HANDOVER_DAYS", 90)
RETENTION_APPOINTMENT_DAYS = env.int("RETENTION_APPOINTMENT_DAYS", 400)
RETENTION_LETTER_DAYS = env.int("RETENTION_LETTER_DAYS", 60)

# --- Paying ------------------------------------------------------------------------------------------------------
MOCK_BILLING = env.bool("MOCK_BILLING", not PRODUCTION)
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", "")
STRIPE_API_BASE = env.str("STRIPE_API_BASE", "https://api.stripe.com")
STRIPE_TIMEOUT_SECONDS = env.float("STRIPE_TIMEOUT_SECONDS", 10.0)
CHECKOUT_SUCCESS_URL = env.str(
    "CHECKOUT_SUCCESS_URL", "http://localhost:8000/checkout/paid?session={CHECKOUT_SESSION_ID}"
)
CHECKOUT_CANCEL_URL = env.str("CHECKOUT_CANCEL_URL", "http://localhost:8000/checkout/cancelled")
# App Store
APP_STORE_BUNDLE_ID = env.str("APP_STORE_BUNDLE_ID", "")
APP_STORE_APPLE_ID = env.int("APP_STORE_APPLE_ID", 0)
APP_STORE_ISSUER_ID = env.str("APP_STORE_ISSUER_ID", "")
APP_STORE_KEY_ID = env.str("APP_STORE_KEY_ID", "")
APP_STORE_PRIVATE_KEY = env.str("APP_STORE_PRIVATE_KEY", "", multiline=True)
APP_STORE_ENVIRONMENT = env.str("APP_STORE_ENVIRONMENT", "production")
APP_STORE_SANDBOX = env.str("APP_STORE_SANDBOX", "everyone")
APP_STORE_ROOTS_DIR = env.str("APP_STORE_ROOTS_DIR", "")
APP_STORE_API_BASE = env.str("APP_STORE_API_BASE", "")
APP_STORE_TIMEOUT_SECONDS = env.float("APP_STORE_TIMEOUT_SECONDS", 10.0)
# Google Play
PLAY_PACKAGE_NAME = env.str("PLAY_PACKAGE_NAME", "")
PLAY_SERVICE_ACCOUNT_JSON = env.str("PLAY_SERVICE_ACCOUNT_JSON", "")
PLAY_PUSH_AUDIENCE = env.str("PLAY_PUSH_AUDIENCE", "")
PLAY_PUSH_ACCOUNT = env.str("PLAY_PUSH_ACCOUNT", "")
PLAY_ALLOW_TEST_PURCHASES = env.bool("PLAY_ALLOW_TEST_PURCHASES", False)
PLAY_API_BASE = env.str("PLAY_API_BASE", "https://androidpublisher.googleapis.com")
PLAY_CERTS_URL = env.str("PLAY_CERTS_URL", "https://www.googleapis.com/oauth2/v1/certs")
PLAY_TIMEOUT_SECONDS = env.float("PLAY_TIMEOUT_SECONDS", 10.0)
# Keys the hashes of addresses that used their free inspection. Another key forgets them all.
ADDRESS_HASH_KEY = env.str("ADDRESS_HASH_KEY", SECRET_KEY)
# Orders, subscriptions, disputes
ORDER_RECHECK_SECONDS = env.int("ORDER_RECHECK_SECONDS", 60)
SUBSCRIPTION_GRACE_DAYS = env.int("SUBSCRIPTION_GRACE_DAYS", 7)
DISPUTE_ACKNOWLEDGE_HOURS = env.int("DISPUTE_ACKNOWLEDGE_HOURS", 24)
DISPUTE_TRIAGE_HOURS = env.int("DISPUTE_TRIAGE_HOURS", 72)
DISPUTE_RESOLVE_DAYS = env.int("DISPUTE_RESOLVE_DAYS", 7)
# Our part of the price of a service that a payee delivers, in hundredths of a per cent.
SERVICE_FEE_BASIS_POINTS = env.int("SERVICE_FEE_BASIS_POINTS", 1500)

# --- Inspections -------------------------------------------------------------------------------------------------
ENGINE = env.str("ENGINE", "trained")
INSPECTION_OPEN_HOURS = env.int("INSPECTION_OPEN_HOURS", 72)
OPENING_WINDOW_MINUTES = env.int("OPENING_WINDOW_MINUTES", 10)
HANDOVER_OPEN_HOURS = env.int("HANDOVER_OPEN_HOURS", 72)
HANDOVER_DISPUTE_DAYS = env.int("HANDOVER_DISPUTE_DAYS", 14)
# Offers of an account, and invitations to an address.
HANDOVERS_PER_DAY = env.int("HANDOVERS_PER_DAY", 10)

# --- Appointments ------------------------------------------------------------------------------------------------
APPOINTMENT_HOLD_MINUTES = env.int("APPOINTMENT_HOLD_MINUTES", 5)
APPOINTMENT_HOLDS = env.int("APPOINTMENT_HOLDS", 3)
APPOINTMENT_HOLDS_PER_DAY = env.int("APPOINTMENT_HOLDS_PER_DAY", 30)
APPOINTMENT_LEAD_MINUTES = env.int("APPOINTMENT_LEAD_MINUTES", 60)
APPOINTMENT_CANCEL_HOURS = env.int("APPOINTMENT_CANCEL_HOURS", 48)
APPOINTMENT_MARK_HOURS = env.int("APPOINTMENT_MARK_HOURS", 24)
APPOINTMENT_DISPUTE_DAYS = env.int("APPOINTMENT_DISPUTE_DAYS", 14)
# The weight of the reports that hides a review, in hundredths: two customers, or four known accounts.
REVIEW_HIDING_WEIGHT = env.int("REVIEW_HIDING_WEIGHT", 200)
CHECKS_AT_ONCE_PER_OWNER = env.int("CHECKS_AT_ONCE_PER_OWNER", 1)
UPLOADS_PER_ANGLE = env.int("UPLOADS_PER_ANGLE", 20)
UPLOAD_BYTES_PER_INSPECTION = env.int("UPLOAD_BYTES_PER_INSPECTION", 5 * 1024**3)
UPLOADS_PER_OWNER = env.int("UPLOADS_PER_OWNER", 2000)
UPLOAD_BYTES_PER_OWNER = env.int("UPLOAD_BYTES_PER_OWNER", 50 * 1024**3)

# --- Dossiers ----------------------------------------------------------------------------------------------------
DOSSIER_MAX_AGE_DAYS = env.int("DOSSIER_MAX_AGE_DAYS", 90)
DOSSIERS_PER_OWNER = env.int("DOSSIERS_PER_OWNER", 20)
RECORDINGS_PER_OWNER = env.int("RECORDINGS_PER_OWNER", 20)
DOSSIER_MAILS_PER_DAY = env.int("DOSSIER_MAILS_PER_DAY", 5)
REFINEMENTS_PER_DAY = env.int("REFINEMENTS_PER_DAY", 50)
# The private key that signs dossiers, and the public keys that signed earlier ones (`manage.py make_dossier_key`).
DOSSIER_SIGNING_KEY = env.str("DOSSIER_SIGNING_KEY", "")
DOSSIER_RETIRED_KEYS = env.list("DOSSIER_RETIRED_KEYS", default=[])

# --- Letters -----------------------------------------------------------------------------------------------------
LETTERS = env.one_of("LETTERS", "off", words=("off", "lob", "fake"))
LOB_API_KEY = env.str("LOB_API_KEY", "")
LOB_WEBHOOK_SECRET = env.str("LOB_WEBHOOK_SECRET", "")
# The id of the return address in the account of Lob.
LOB_SENDER = env.str("LOB_SENDER", "")
LOB_API_BASE = env.str("LOB_API_BASE", "https://api.lob.com")
LOB_TIMEOUT_SECONDS = env.float("LOB_TIMEOUT_SECONDS", 10.0)
# The countries that letters go to, in two letters.
LETTER_COUNTRIES = env.list("LETTER_COUNTRIES", default=["US"])
LETTERS_PER_DAY = env.int("LETTERS_PER_DAY", 10)
# A paid letter that its service has not accepted by then is given up, and refunded.
LETTER_GIVE_UP_HOURS = env.int("LETTER_GIVE_UP_HOURS", 72)

# --- Access ------------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "accounts.staff.sessions"
SESSION_SAVE_EVERY_REQUEST = True  # so that only unused sessions end early
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
ADMIN_REQUIRE_SECOND_FACTOR = env.bool("ADMIN_REQUIRE_SECOND_FACTOR", PRODUCTION)
ADMIN_IDLE_MINUTES = env.int("ADMIN_IDLE_MINUTES", 60)
ADMIN_SESSION_HOURS = env.int("ADMIN_SESSION_HOURS", 12)
OTP_TOTP_ISSUER = "Maretech"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # Browsers accept such a cookie only from this host, over https, for all its paths: no subdomain can set one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^health", r"^metrics$"]  # called from inside, where no proxy adds https
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# For `checks`: the numbers to compare with their bounds, and the unreadable values.
NUMBERS_READ, MALFORMED = env.numbers, env.malformed

for directory in (VAR_DIR, STATIC_ROOT, OBJECT_STORE_DIR, METRICS_DIR, BROKER_DIR / "messages", BROKER_DIR / "control"):
    directory.mkdir(parents=True, exist_ok=True)
