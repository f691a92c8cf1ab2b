from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mardev.economics.money import CurrenciesMixed, Money

cents = st.integers(-(10**12), 10**12).map(lambda n: Money(Decimal(n) / 100, "EUR"))


@given(cents, cents)
def test_money_is_exact(one, other):
    assert (one + other) - other == one


@given(cents)
def test_written_money_reads_back_the_same(amount):
    assert Money.parse(str(amount)) == amount.rounded()


@pytest.mark.parametrize("meet", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a >= b])
def test_two_currencies_never_meet(meet):
    with pytest.raises(CurrenciesMixed, match="EUR met USD"):
        meet(Money(Decimal(1), "EUR"), Money(Decimal(1), "USD"))


def test_a_total_of_nothing_is_zero_of_its_currency():
    assert Money.total([], "BRL") == Money(Decimal(0), "BRL")
    assert Money.total([Money(Decimal(1), "EUR"), Money(Decimal(2), "EUR")], "EUR").amount == 3


def test_amounts_of_one_currency_compare_and_scale():
    one, two = Money(Decimal(1), "EUR"), Money(Decimal(2), "EUR")
    assert one < two
    assert one <= two
    assert two > one
    assert one * 2 >= two


def test_yen_have_no_cents():
    assert str(Money(Decimal("1234.5"), "JPY")) == "1,234 JPY"  # half to even


@pytest.mark.parametrize(("amount", "currency"), [(Decimal(1), "eur"), (Decimal("NaN"), "EUR"), (1.0, "EUR")])
def test_what_is_no_money_is_refused(amount, currency):
    with pytest.raises(ValueError, match="is not a"):
        Money(amount, currency)


@pytest.mark.parametrize("text", ["EUR", "ten EUR", "", "10 euro"])
def test_text_that_is_no_money_is_refused(text):
    with pytest.raises(ValueError, match="is not a"):
        Money.parse(text)
