"""What is pay worth, and what do others pay?

Takes a pay settlement as people write it down, an area, an occupation, a month. Gives what the settlement is
worth beside prices (`real_pay`), what others pay (`outside_pay`), how the market moves (`quit_index`), all of
bundled tables of the United States Bureau of Labor Statistics, or newer ones of one's own.

    settlement   a settlement as text and as steps; `months`: a month
    prices       consumer prices of an area, month by month
    real_pay     pay in the base, and what it buys; `terminal`, `json_form`: how that is told
    wages        jobs and wages by occupation and area; `names`: by the names people give them
    quits        quits of the sector as an index
    source       where a table comes from; `tables/`: the tables, each with its SOURCE.toml
    series       series in the bureau's layout; `own`, `update`: newer tables of one's own

Consumer prices say what pay is worth to those who live on it; they drive nothing in the simulator.
"""

from careload.staff.money.json_form import as_json
from careload.staff.money.months import Month, months_between, parse_month
from careload.staff.money.own import forget
from careload.staff.money.prices import Price, Prices, price_areas, prices_of
from careload.staff.money.quits import QuitIndex, quit_index
from careload.staff.money.real_pay import Lump, MonthOfPay, RealPay, StepYear, real_pay
from careload.staff.money.settlement import Settlement, Step, parse_settlement
from careload.staff.money.shelf import Shelf, Table, shelf
from careload.staff.money.source import KINDS, Source, source_of
from careload.staff.money.terminal import shelf_summary, summary
from careload.staff.money.update import Kept, update
from careload.staff.money.wages import OutsidePay, occupations, outside_pay, wage_areas

__all__ = [
    "KINDS", "Kept", "Lump", "Month", "MonthOfPay", "OutsidePay", "Price", "Prices", "QuitIndex", "RealPay",
    "Settlement", "Shelf", "Source", "Step", "StepYear", "Table", "as_json", "forget", "months_between",
    "occupations", "outside_pay", "parse_month", "parse_settlement", "price_areas", "prices_of", "quit_index",
    "real_pay", "shelf", "shelf_summary", "source_of", "summary", "update", "wage_areas",
]
