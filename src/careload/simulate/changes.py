"""In what do two services differ, and what lies between them?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from careload.clinic import Service, SettingsError, registry, service_from

Path = tuple[str, ...]
"""Where a value of a service stands: section, name of the table if there are several, parameter, site."""
MOST_OF_A_SECTION = 12
MOST_TRIED = 6
"""Most changes of which every set is tried for whether it holds together."""


@dataclass(frozen=True)
class Change:
    """One value in which two services differ, or several that are changed together.

    key            ``team.north.posts``; of several ``team.*.posts``, ``team.north.*``, ``team.*`` or ``*``
    before, after  the values of both services, None where a service has none; of several, key to value
    """

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Between:
    """Two services and all that lies between them.

    here, there  the services
    paths        for each change, where its values stand
    changes      in the order of the service file
    """

    here: Service
    there: Service
    paths: tuple[tuple[Path, ...], ...]
    changes: tuple[Change, ...]

    def service(self, chosen: int) -> Service:
        """`here` with some of the changes made, those whose bit is set in `chosen`."""
        if chosen == 0 or chosen == (1 << len(self.changes)) - 1:
            return self.there if chosen else self.here
        made = [path for place, paths in enumerate(self.paths) if chosen >> place & 1 for path in paths]
        return _with(self.here, self.there, made)


def changes_between(here: Service, there: Service) -> tuple[Change, ...]:
    """Every value in which `there` differs from `here`, in the order of the service file."""
    before, after = _values(here), _values(there)
    return tuple(_change((path,), before, after) for path in _different(before, after))


def between(here: Service, there: Service, together: Sequence[Sequence[str]] = ()) -> Between:
    """The changes from `here` to `there`, those that can only be made together as one.

    together  dotted places (``need.anxiety.visits_needed``) whose values are changed together, each sequence
              of them as one change; none for those that follow

    A whole table that only one of the two has is one change. Of a section with more than
    `MOST_OF_A_SECTION` changes those of one parameter are one (the posts of every team), or those of a
    table if that makes fewer, and if there are still as many, those of the section. Changes without which,
    or with which alone, a service does not hold together (shares that must sum to one) are made together:
    with others like them in their table, else in their section, else all changes are one.
    """
    before, after = _values(here), _values(there)
    different = _different(before, after)
    groups = _as_told(different, together) if together else _few(_by_table(different, before, after))
    for attempt in range(4):
        wrong = _cannot_stand(here, there, groups)
        if not wrong:
            break
        groups = _wider(groups, wrong, among=groups if attempt else wrong)
    paths = tuple(tuple(paths) for paths in groups.values())
    return Between(here, there, paths, tuple(_change(own, before, after) for own in paths))


def _values(service: Service) -> dict[Path, Any]:
    """Every value of a service by its path, in the order of the registry."""
    found: dict[Path, Any] = {}
    for section, own in service.sections.items():
        tables = {(section, name): table for name, table in own.items()} if registry()[section].many else {
            (section,): own}
        for place, table in tables.items():
            for name, value in table.items():
                each = value if isinstance(value, Mapping) else None
                found |= {(*place, name, site): one for site, one in each.items()} if each is not None else {
                    (*place, name): value}
    return found


def _different(before: Mapping[Path, Any], after: Mapping[Path, Any]) -> list[Path]:
    whole = dict.fromkeys([*before, *after])
    order = {section: place for place, section in enumerate(registry())}
    return sorted(
        (path for path in whole if path not in before or path not in after or before[path] != after[path]),
        key=lambda path: order[path[0]],
    )


def _with(here: Service, there: Service, made: Iterable[Path]) -> Service:
    values, after = _values(here), _values(there)
    for path in made:
        if path in after:
            values[path] = after[path]
        else:
            del values[path]
    document: dict[str, Any] = {"name": here.name}
    for path, value in values.items():
        table = document
        for name in path[:-1]:
            table = table.setdefault(name, {})
        table[path[-1]] = _plain(value)
    return service_from(document, "between the two services")


def _plain(value: Any) -> Any:
    """A value as a service file writes it."""
    return "" if value is None else list(value) if isinstance(value, tuple) else value


def _by_table(
    paths: Iterable[Path], before: Mapping[Path, Any], after: Mapping[Path, Any]
) -> dict[Path, list[Path]]:
    """Each path alone, but those of a table that only one service has together."""
    tables = [{path[:2] for path in values if registry()[path[0]].many} for values in (before, after)]
    alone = tables[0] ^ tables[1]
    groups: dict[Path, list[Path]] = {}
    for path in paths:
        groups.setdefault(path[:2] if path[:2] in alone else path, []).append(path)
    return groups


def _as_told(paths: Iterable[Path], together: Sequence[Sequence[str]]) -> dict[Path, list[Path]]:
    """The paths of each told sequence of places together, by the first of them; those of none alone."""
    homes = {place: number for number, places in enumerate(together) for place in places}
    first: dict[int, Path] = {}
    groups: dict[Path, list[Path]] = {}
    for path in paths:
        home = homes.get(_key(path), homes.get(_key(path[:-1])))  # the number of a site belongs to all sites
        group = path if home is None else first.setdefault(home, path)
        groups.setdefault(group, []).append(path)
    return groups


def _few(groups: dict[Path, list[Path]]) -> dict[Path, list[Path]]:
    for section in {group[0] for group in _crowded(groups)}:
        groups = _by_parameter(groups, section)
    for _ in range(2):
        groups = _wider(groups, _crowded(groups), groups)
    return groups


def _crowded(groups: Mapping[Path, list[Path]]) -> set[Path]:
    """Groups of a section that has too many."""
    number = Counter(group[0] for group in groups)
    return {group for group in groups if number[group[0]] > MOST_OF_A_SECTION}


def _by_parameter(groups: dict[Path, list[Path]], section: str) -> dict[Path, list[Path]]:
    """Groups of a section joined by parameter, where that makes fewer than tables."""
    own = [group for group in groups if group[0] == section]
    tables, parameters = {group[1:2] for group in own}, {group[2:3] for group in own}
    if () in parameters or len(parameters) > len(tables):
        return groups
    found: dict[Path, list[Path]] = {}
    for group, paths in groups.items():
        joined = (section, "*", group[2]) if group[0] == section else group
        found.setdefault(joined, []).extend(paths)
    return found


def _wider(
    groups: Mapping[Path, list[Path]], wrong: Iterable[Path], among: Collection[Path]
) -> dict[Path, list[Path]]:
    """Groups that are wrong joined with those of `among` next to them: in their table, their section, all."""
    wide = sorted({_wide(group) for group in wrong})
    found: dict[Path, list[Path]] = {}
    for group, paths in groups.items():
        near = (each for each in wide if group in among and group[: len(each)] == each)
        joined = next(near, group)
        found.setdefault(joined, []).extend(paths)
    return found


def _wide(group: Path) -> Path:
    many = group and registry()[group[0]].many
    return group[:2] if many and len(group) > 2 else group[:1] if len(group) > 1 else ()


def _cannot_stand(here: Service, there: Service, groups: Mapping[Path, list[Path]]) -> set[Path]:
    """Groups of which a service with them alone, or with all but them, does not hold together."""
    if len(groups) == 1:
        return set()
    every = {path for paths in groups.values() for path in paths}
    wrong = {
        group for group, own in groups.items()
        if not (_holds(here, there, own) and _holds(here, there, every - set(own)))
    }
    if wrong or len(groups) > MOST_TRIED:
        return wrong
    sets = (some for number in range(2, len(groups) - 1) for some in combinations(groups, number))
    return {group for some in sets
            if not _holds(here, there, [path for group in some for path in groups[group]]) for group in some}


def _holds(here: Service, there: Service, made: Iterable[Path]) -> bool:
    try:
        _with(here, there, made)
    except SettingsError:
        return False
    return True


def _change(paths: tuple[Path, ...], before: Mapping[Path, Any], after: Mapping[Path, Any]) -> Change:
    if len(paths) == 1:
        return Change(_key(paths[0]), before.get(paths[0]), after.get(paths[0]))
    return Change(
        ".".join(_together(paths)),
        {_key(path): before.get(path) for path in paths}, {_key(path): after.get(path) for path in paths},
    )


def _key(path: Path) -> str:
    return ".".join(path)


def _together(paths: tuple[Path, ...]) -> Path:
    """What several paths share, the rest as ``*``."""
    known, names = _common(paths), {path[2:3] for path in paths}
    return (*known, "*", *(names.pop() if len(known) == 1 and len(names) == 1 else ()))


def _common(paths: tuple[Path, ...]) -> Path:
    """The beginning that all paths share."""
    alike = [len(set(names)) == 1 for names in zip(*paths, strict=False)]
    return paths[0][: [*alike, False].index(False)]
