import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quiet_from', models.TimeField(null=True)),
                ('quiet_to', models.TimeField(null=True)),
                ('time_zone', models.CharField(default='UTC', help_text='As IANA calls it: Europe/Berlin.', max_length=64)),
                ('locale', models.CharField(choices=[('en', 'English'), ('de', 'German')], default='en', max_length=8)),
                ('email_disabled_at', models.DateTimeField(null=True)),
                ('email_disabled_reason', models.CharField(blank=True, choices=[('bounced', 'Bounced'), ('complained', 'Complained')], max_length=12)),
                ('email_disabled_address', models.EmailField(blank=True, help_text='No mail goes there; a new address is not concerned.', max_length=254)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='contact_settings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'contact settings',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_to__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_to__isnull', False), models.Q(('quiet_from', models.F('quiet_to')), _negated=True)), _connector='OR'), name='quiet_hours_begin_and_end'),
                    models.CheckConstraint(condition=models.Q(('time_zone', ''), _negated=True), name='an_owner_lives_in_a_time_zone'),
                    models.CheckConstraint(condition=models.Q(('locale__in', ['en', 'de'])), name='an_owner_reads_a_known_locale'),
                    models.CheckConstraint(condition=models.Q(models.Q(('email_disabled_address', ''), ('email_disabled_at__isnull', True), ('email_disabled_reason', '')), models.Q(('email_disabled_at__isnull', False), ('email_disabled_reason__in', ['bounced', 'complained']), models.Q(('email_disabled_address', ''), _negated=True)), _connector='OR'), name='what_is_disabled_has_a_time_a_reason_and_an_address'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('result_ready', 'Result Ready'), ('inspection_failed', 'Inspection Failed'), ('photos_to_retake', 'Photos To Retake'), ('inspection_expiring', 'Inspection Expiring'), ('credit_returned', 'Credit Returned'), ('payment_received', 'Payment Received'), ('payment_refunded', 'Payment Refunded'), ('subscription_ending', 'Subscription Ending'), ('subscription_lapsed', 'Subscription Lapsed'), ('recheck_due', 'Recheck Due'), ('lift_out_soon', 'Lift Out Soon'), ('dossier_ready', 'Dossier Ready'), ('dossier_delivered', 'Dossier Delivered'), ('dossier_delivery_failed', 'Dossier Delivery Failed'), ('appointment_confirmed', 'Appointment Confirmed'), ('appointment_cancelled', 'Appointment Cancelled'), ('appointment_tomorrow', 'Appointment Tomorrow'), ('handover_offered', 'Handover Offered'), ('handover_completed', 'Handover Completed'), ('handover_declined', 'Handover Declined'), ('handover_expired', 'Handover Expired'), ('handover_disputed', 'Handover Disputed'), ('handover_reversed', 'Handover Reversed'), ('security', 'Security'), ('email_switched_off', 'Email Switched Off'), ('appointment_booked', 'Appointment Booked'), ('appointment_disputed', 'Appointment Disputed'), ('payout_sent', 'Payout Sent'), ('payout_failed', 'Payout Failed'), ('dispute_opened', 'Dispute Opened'), ('differences_found', 'Differences Found'), ('webhook_dead_letter', 'Webhook Dead Letter')], max_length=32)),
                ('variant', models.CharField(blank=True, help_text='The mode, or what happened to the account.', max_length=32)),
                ('event_key', models.CharField(max_length=200)),
                ('data', models.JSONField(default=dict)),
                ('locale', models.CharField(choices=[('en', 'English'), ('de', 'German')], default='en', max_length=8)),
                ('title', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('recipient', models.ForeignKey(help_text='Empty for staff.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [
                    models.Index(fields=['recipient', '-created_at', '-id'], name='notifications_of_a_user'),
                    models.Index(condition=models.Q(('read_at__isnull', True)), fields=['recipient'], name='unread_of_a_user'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('event_key',), name='an_event_makes_one_notification'),
                    models.CheckConstraint(condition=models.Q(('event_key', ''), _negated=True), name='a_notification_names_its_event'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['result_ready', 'inspection_failed', 'photos_to_retake', 'inspection_expiring', 'credit_returned', 'payment_received', 'payment_refunded', 'subscription_ending', 'subscription_lapsed', 'recheck_due', 'lift_out_soon', 'dossier_ready', 'dossier_delivered', 'dossier_delivery_failed', 'appointment_confirmed', 'appointment_cancelled', 'appointment_tomorrow', 'handover_offered', 'handover_completed', 'handover_declined', 'handover_expired', 'handover_disputed', 'handover_reversed', 'security', 'email_switched_off', 'appointment_booked', 'appointment_disputed', 'payout_sent', 'payout_failed', 'dispute_opened', 'differences_found', 'webhook_dead_letter'])), name='a_notification_has_a_known_kind'),
                    models.CheckConstraint(condition=models.Q(('locale__in', ['en', 'de'])), name='a_notification_has_a_known_locale'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('dispute_opened', 'differences_found', 'webhook_dead_letter')), ('recipient__isnull', True)), models.Q(models.Q(('kind__in', ('dispute_opened', 'differences_found', 'webhook_dead_letter')), _negated=True), ('recipient__isnull', False)), _connector='OR'), name='exactly_what_is_for_staff_has_no_recipient'),
                    models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='a_notification_has_a_title'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('attempts', models.PositiveIntegerField(default=0)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('in_app', 'In App'), ('push', 'Push'), ('email', 'E-mail'), ('ops', 'Staff')], max_length=8)),
                ('device', models.UUIDField(help_text='The id of the device that a push goes to.', null=True)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('sent', 'Sent'), ('skipped', 'Skipped'), ('stale', 'Stale'), ('dead', 'Dead letter')], default='pending', max_length=8)),
                ('reason', models.CharField(blank=True, choices=[('switched_off', 'Switched Off'), ('address_unverified', 'Address Unverified'), ('email_disabled', 'Email Disabled'), ('device_gone', 'Device Gone'), ('not_configured', 'Not Configured')], help_text='Why it was skipped.', max_length=20)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('stale_at', models.DateTimeField(help_text='From then on it is of no use.')),
                ('handed_over_at', models.DateTimeField(help_text='When an attempt without a known outcome began.', null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True)),
                ('notification', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notifications.notification')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'indexes': [
                    models.Index(condition=models.Q(('state', 'pending')), fields=['due_at'], name='deliveries_to_make'),
                    models.Index(condition=models.Q(('state', 'dead')), fields=['channel'], name='dead_deliveries'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('device__isnull', True)), fields=('notification', 'channel'), name='one_delivery_per_notification_and_channel'),
                    models.UniqueConstraint(condition=models.Q(('device__isnull', False)), fields=('notification', 'device'), name='one_push_per_notification_and_device'),
                    models.CheckConstraint(condition=models.Q(('channel__in', ['push', 'email', 'ops'])), name='a_delivery_goes_by_a_channel'),
                    models.CheckConstraint(condition=models.Q(models.Q(('channel', 'push'), ('device__isnull', False)), models.Q(models.Q(('channel', 'push'), _negated=True), ('device__isnull', True)), _connector='OR'), name='exactly_a_push_goes_to_a_device'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'sent', 'skipped', 'stale', 'dead'])), name='a_delivery_has_a_known_state'),
                    models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='exactly_what_was_sent_has_a_time'),
                    models.CheckConstraint(condition=models.Q(models.Q(('reason__in', ['switched_off', 'address_unverified', 'email_disabled', 'device_gone', 'not_configured']), ('state', 'skipped')), models.Q(models.Q(('state', 'skipped'), _negated=True), ('reason', '')), _connector='OR'), name='exactly_what_was_skipped_says_why'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('result_ready', 'Result Ready'), ('inspection_failed', 'Inspection Failed'), ('photos_to_retake', 'Photos To Retake'), ('inspection_expiring', 'Inspection Expiring'), ('credit_returned', 'Credit Returned'), ('payment_received', 'Payment Received'), ('payment_refunded', 'Payment Refunded'), ('subscription_ending', 'Subscription Ending'), ('subscription_lapsed', 'Subscription Lapsed'), ('recheck_due', 'Recheck Due'), ('lift_out_soon', 'Lift Out Soon'), ('dossier_ready', 'Dossier Ready'), ('dossier_delivered', 'Dossier Delivered'), ('dossier_delivery_failed', 'Dossier Delivery Failed'), ('appointment_confirmed', 'Appointment Confirmed'), ('appointment_cancelled', 'Appointment Cancelled'), ('appointment_tomorrow', 'Appointment Tomorrow'), ('handover_offered', 'Handover Offered'), ('handover_completed', 'Handover Completed'), ('handover_declined', 'Handover Declined'), ('handover_expired', 'Handover Expired'), ('handover_disputed', 'Handover Disputed'), ('handover_reversed', 'Handover Reversed'), ('security', 'Security'), ('email_switched_off', 'Email Switched Off'), ('appointment_booked', 'Appointment Booked'), ('appointment_disputed', 'Appointment Disputed'), ('payout_sent', 'Payout Sent'), ('payout_failed', 'Payout Failed'), ('dispute_opened', 'Dispute Opened'), ('differences_found', 'Differences Found'), ('webhook_dead_letter', 'Webhook Dead Letter')], max_length=32)),
                ('channel', models.CharField(choices=[('in_app', 'In App'), ('push', 'Push'), ('email', 'E-mail'), ('ops', 'Staff')], max_length=8)),
                ('is_on', models.BooleanField()),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notification_preferences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'kind', 'channel'), name='one_preference_per_user_kind_and_channel'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['result_ready', 'inspection_failed', 'photos_to_retake', 'inspection_expiring', 'credit_returned', 'payment_received', 'payment_refunded', 'subscription_ending', 'subscription_lapsed', 'recheck_due', 'lift_out_soon', 'dossier_ready', 'dossier_delivered', 'dossier_delivery_failed', 'appointment_confirmed', 'appointment_cancelled', 'appointment_tomorrow', 'handover_offered', 'handover_completed', 'handover_declined', 'handover_expired', 'handover_disputed', 'handover_reversed', 'security', 'email_switched_off', 'appointment_booked', 'appointment_disputed', 'payout_sent', 'payout_failed', 'dispute_opened', 'differences_found', 'webhook_dead_letter'])), name='a_preference_has_a_known_kind'),
                    models.CheckConstraint(condition=models.Q(('channel__in', ['push', 'email'])), name='only_push_and_mail_are_switched'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ('security', 'dispute_opened', 'differences_found', 'webhook_dead_letter')), _negated=True), name='what_must_be_known_is_not_switched'),
                ],
            },
        ),
    ]
