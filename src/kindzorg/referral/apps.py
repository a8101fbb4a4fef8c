from django.apps import AppConfig


class ReferralConfig(AppConfig):
    name = "kindzorg.referral"
    label = "referral"
