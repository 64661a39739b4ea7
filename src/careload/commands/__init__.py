"""What can be asked on the command line?

Takes the words of a command. Gives, for each question, one thin function that asks the rooms before it
(`COMMANDS`); stdout holds only the answer.

    measure, check, map, overdue, own, example   of records
    simulate, sweep, settles                     of a service
    fit, explain                                 from records to a service
    differ                                       of what is believed of a service
    pay, prices                                  of money
    shared                                       options, progress and messages of all
"""

from collections.abc import Callable

from careload.commands.check import check_command
from careload.commands.differ import differ_command
from careload.commands.example import example_command
from careload.commands.explain import explain_command
from careload.commands.fit import fit_command
from careload.commands.map import map_command
from careload.commands.measure import measure_command
from careload.commands.overdue import overdue_command
from careload.commands.own import own_command
from careload.commands.pay import pay_command
from careload.commands.prices import prices_command
from careload.commands.settles import settles_command
from careload.commands.shared import complain, say
from careload.commands.simulate import simulate_command
from careload.commands.sweep import sweep_command

COMMANDS: dict[str, Callable[..., None]] = {
    "measure": measure_command,
    "check": check_command,
    "map": map_command,
    "overdue": overdue_command,
    "own": own_command,
    "example": example_command,
    "simulate": simulate_command,
    "sweep": sweep_command,
    "settles": settles_command,
    "fit": fit_command,
    "explain": explain_command,
    "differ": differ_command,
    "pay": pay_command,
    "prices": prices_command,
}
"""Name to function, in the order in which the help lists them."""

__all__ = ["COMMANDS", "complain", "say"]
