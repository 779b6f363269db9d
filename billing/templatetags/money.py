"""Template filters for staff pages with the amount formats of the lists: `{{ row.price_minor|money:row.currency }}`."""

from django import template

from billing.admin.money_format import amount, money

register = template.Library()
register.filter(amount)
register.filter(money)
