"""`{{ row.price_minor|money:row.currency }}`: the wording of the lists, in the templates of staff."""

from django import template

from billing.admin.money_format import amount, money

register = template.Library()
register.filter(amount)
register.filter(money)
