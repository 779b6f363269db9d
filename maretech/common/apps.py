from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "maretech.common"
    label = "common"

    def ready(self) -> None:
        from maretech.common.http.idempotency import expired
        from maretech.common.observability.heartbeat import expired_heartbeats
        from maretech.common.work.retention import RetentionRule, register_retention

        register_retention(
            RetentionRule("idempotency records", expired),
            RetentionRule("heartbeats of former queues", expired_heartbeats),
        )
