"""A settlement beside prices, and which tables there are, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from careload.staff.money.prices import Price
from careload.staff.money.real_pay import RealPay, StepYear
from careload.staff.money.shelf import Shelf, Table
from careload.staff.money.source import source_of

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table as Drawn
    from rich.text import Text

NO_CHANGE = 5e-5
"""Less than half of the last digit shown."""


def summary(found: RealPay, *, monthly: bool = False) -> RenderableType:
    """The answer to print; with every month where asked for."""
    from rich.console import Group

    tables = [_step_years(found)]
    if monthly:
        tables.append(_months(found))
    if found.lumps:
        tables.append(_lumps(found))
    return Group(*_plain(_head(found)), *tables, *_plain(_sentences(found)))


def _head(found: RealPay) -> Iterator[str]:
    yield str(found.settlement)
    yield f"beside consumer prices of {found.prices.name}, {found.since} to {found.until}\n"


def _step_years(found: RealPay) -> Drawn:
    table = _table("", "raised", "would have kept pace", "what pay buys")
    for year in found.step_years:
        table.add_row(_when(year), _signed(year.raised), _signed(year.prices),
                      _signed(year.real))
    end = found.end
    table.add_row("in all", _signed(end.pay - 1), _signed(end.prices - 1), _signed(end.real - 1))
    return table


def _when(year: StepYear) -> str:
    span = str(year.first) if year.first == year.last else f"{year.first} to {year.last}"
    return span if year.step else f"{span}, before the first step"


def _months(found: RealPay) -> Drawn:
    table = _table("month", "pay", "prices", "what pay buys", "index", "")
    for each in found.path:
        how = "" if each.price.how == "published" else _read(each.price)
        table.add_row(str(each.month), f"{each.pay:.4f}", f"{each.prices:.4f}", f"{each.real:.4f}",
                      f"{each.price.value:.3f}", how)
    return table


def _sentences(found: RealPay) -> Iterator[str]:
    yield _worth(found)
    yield _pace(found)
    yield from _dollars(found)
    yield _lost(found)
    yield from _later(found)
    yield _prices(found)
    yield from _not_published(found)
    yield ("Consumer prices say what pay is worth to those who live on it. The bureau's own sampling error "
           "is not in the tables, so none is shown.")


def _worth(found: RealPay) -> str:
    end = found.end
    return (f"Pay in the base is {end.pay:.4f} times that of {found.since}, prices {end.prices:.4f} times: "
            f"in {found.until} pay buys {_more_or_less(end.real - 1)}.")


def _pace(found: RealPay) -> str:
    count = len(found.steps)
    each = f", or {_percent(found.to_keep_pace_each)} at each of the {count} steps" if count > 1 else ""
    still = found.to_catch_up
    now = f" A raise of {_percent(still)} more would be needed in {found.until}." if still > NO_CHANGE else ""
    return f"To keep pace: {_percent(found.to_keep_pace)} in all{each}.{now}"


def _dollars(found: RealPay) -> Iterator[str]:
    if found.base is not None:
        end, base = found.end, found.base
        yield (f"In dollars a year: {base:,.0f} in {found.since}, {base * end.pay:,.0f} in {found.until}; to "
               f"buy the same it would be {base * end.prices:,.0f}.")


def _lumps(found: RealPay) -> Drawn:
    table = _table("paid once, in months of pay", "of then", f"at prices of {found.since}",
                   f"as a raise, until {found.until}")
    for lump in found.lumps:
        table.add_row(str(lump.month), f"{lump.of_then:.3f}", f"{lump.worth:.3f}", f"{lump.in_the_base:.3f}")
    return table


def _lost(found: RealPay) -> str:
    lost, lumps = found.lost_months, found.lump_months
    what = "lost" if lost >= 0 else "gained"
    head = f"Purchasing power {what} after {found.since}: {abs(lost):.2f} months of pay of then"
    if not found.lumps:
        return f"{head}."
    net = lost - lumps
    return (f"{head}; with what was paid once, {abs(net):.2f} {'lost' if net >= 0 else 'gained'}. What is "
            f"paid once does not stay in the base; a raise goes on after {found.until}.")


def _later(found: RealPay) -> Iterator[str]:
    if found.later:
        steps = ", ".join(map(str, found.later))
        yield f"Not counted, for prices after {found.until} are not asked for or not known yet: {steps}."


def _prices(found: RealPay) -> str:
    source = source_of("prices")
    own = f"; above them your own file {found.prices.own}" if found.prices.own else ""
    return (f"Prices: CPI-U, all items, not seasonally adjusted, {found.prices.series}, {source.publisher} "
            f"({source.mark}){own}.")


def _not_published(found: RealPay) -> Iterator[str]:
    """By name where a figure of the first table rests on it; the others stand in the table of months."""
    ends = {found.since, *(each.last for each in found.step_years)}
    missing = found.not_published
    named = [price for price in missing if price.month in ends]
    if missing:
        months = "; ".join(f"{price.month} {_read(price)}" for price in named)
        others = len(missing) - len(named)
        more = [f"{others} months between likewise (--monthly names them)"] if others else []
        yield f"Not published, so read: {'; '.join([months, *more] if months else more)}."


def _read(price: Price) -> str:
    if price.how == "earlier":
        return f"as {price.read_at[0]}"
    return f"interpolated from {price.read_at[0]} and {price.read_at[1]}"


def shelf_summary(found: Shelf) -> RenderableType:
    """Which tables there are, to print."""
    from rich.console import Group

    told = ("\n".join(_of_table(table)) + "\n" for table in found.tables)
    return Group(*_plain(told), _areas(found))


def _of_table(table: Table) -> Iterator[str]:
    source = table.source
    yield f"{source.kind}: {source.title}"
    span = table.first if table.first == table.last else f"{table.first} to {table.last}"
    yield f"  {table.holds}, {span}; {source.unit}."
    yield f"  {source.publisher}; {source.licence}. Mark: {source.mark}. Read from {source.read_from}."
    if table.own:
        yield f"  Above it stands your own file {table.own}; `careload prices reset` takes it away."
    yield from (f"  - {caveat}" for caveat in source.caveats)


def _areas(found: Shelf) -> Drawn:
    table = _table("--area", "prices of", "from", "to", "months", left=2)
    for each in found.areas:
        table.add_row(each.area, each.name, str(each.first), str(each.last), str(len(each.months)))
    return table


def _plain(lines: Iterator[str]) -> Iterator[Text]:
    """Lines as they are: the name of a file of one's own may look like markup."""
    from rich.text import Text

    return (Text(line) for line in lines)


def _table(*heads: str, left: int = 1) -> Drawn:
    from rich.table import Table as Drawn

    table = Drawn()
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place < left else "right")
    return table


def _more_or_less(share: float) -> str:
    if abs(share) < NO_CHANGE:
        return "the same"
    return f"{_percent(abs(share))} {'more' if share > 0 else 'less'}"


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def _signed(share: float) -> str:
    return f"{100 * share:+.2f} %"
