"""From references to the ids, sites and professions they stand for."""

from __future__ import annotations

from typing import Any

from careload.history.fhir.flatten import table

# Who may be referred to by identifier.
IDENTIFIED = ("Patient", "Practitioner", "PractitionerRole", "Location")

# Every form of reference to a resource that is here. An identifier that two resources share
# points to the first: which is meant cannot be told.
_KEYS = "CREATE OR REPLACE TABLE fhir.keys AS SELECT ref, min(own) AS own FROM ({parts}) GROUP BY ref"
_BY_ID = """
SELECT '{kind}/' || resource_id AS ref, '{kind}/' || resource_id AS own
FROM {table} WHERE NOT copy AND resource_id IS NOT NULL"""
_BY_IDENTIFIER = """
SELECT '{kind}?identifier=' || coalesce(pair[1], '') || '|' || pair[2], '{kind}/' || resource_id
FROM (SELECT resource_id, unnest(list_zip(systems, identifiers)) AS pair FROM {table} WHERE NOT copy)
WHERE pair[2] IS NOT NULL"""

# What a reference that reached nobody leaves as an id.
_ID_OF = """
CREATE OR REPLACE MACRO fhir.id_of(ref) AS CASE
    WHEN ref LIKE '%?identifier=urn:careload:id|%' THEN regexp_extract(ref, 'urn:careload:id[|](.*)$', 1)
    WHEN ref LIKE '%?identifier=%' THEN regexp_extract(ref, '[?]identifier=[|]?(.*)$', 1)
    WHEN ref LIKE 'PractitionerRole/%' THEN ref
    WHEN ref LIKE 'urn:%' THEN regexp_extract(ref, '^urn:(uuid:|oid:)?(.*)$', 2)
    ELSE regexp_extract(ref, '^([A-Z][A-Za-z]+/)?(.*)$', 2) END;

-- A subject may also be a group, a place or a device: then it is nobody.
CREATE OR REPLACE MACRO fhir.person(ref) AS CASE
    WHEN starts_with(ref, 'Patient') OR NOT regexp_matches(ref, '^[A-Z][A-Za-z]+[/?]')
    THEN fhir.id_of(ref) END
"""

# A room or bed stands for the place it is part of; places of one name are told apart by their ids.
_SITES = """
CREATE OR REPLACE TABLE fhir.sites AS
WITH named AS (
    SELECT 'Location/' || resource_id AS own, part_of, coalesce(physical IN ('ro', 'bd'), false) AS is_room,
           CASE WHEN name IS NULL THEN resource_id
                WHEN count(*) OVER (PARTITION BY name) > 1 THEN name || ' (' || resource_id || ')'
                ELSE name END AS site
    FROM fhir."Location" WHERE NOT copy)
SELECT keys.ref, CASE WHEN NOT here.is_room THEN here.site
                      WHEN above.is_room THEN coalesce(top.site, above.site)
                      ELSE coalesce(above.site, here.site) END AS site
FROM fhir.keys JOIN named AS here ON here.own = keys.own
LEFT JOIN named AS above ON above.own = here.part_of
LEFT JOIN named AS top ON top.own = above.part_of
"""

# A record that was replaced (merged into another) stands for the one that replaced it.
_PATIENTS = """
CREATE OR REPLACE TABLE fhir.known_patients AS
WITH own AS (SELECT 'Patient/' || resource_id AS own, coalesce(own_id, resource_id) AS patient, replaced_by
             FROM fhir."Patient" WHERE NOT copy)
SELECT keys.ref, coalesce(later.patient, fhir.id_of(here.replaced_by), here.patient) AS patient
FROM fhir.keys JOIN own AS here ON here.own = keys.own
LEFT JOIN fhir.keys AS next ON next.ref = here.replaced_by LEFT JOIN own AS later ON later.own = next.own
"""

# One row per post held; a role without a practitioner is a post of its own.
_ROLES = """
CREATE OR REPLACE TABLE fhir.roles AS
WITH people AS (SELECT 'Practitioner/' || resource_id AS own, coalesce(own_id, resource_id) AS clinician
                FROM fhir."Practitioner" WHERE NOT copy)
SELECT 'PractitionerRole/' || r.resource_id AS own,
       coalesce(people.clinician, fhir.id_of(r.practitioner),
                'PractitionerRole/' || r.resource_id) AS clinician,
       coalesce(r.code_text, r.code_words, r.specialty_text, r.specialty_words, r.code) AS profession,
       coalesce(sites.site, fhir.id_of(r.places[1])) AS site,
       r.fte, r.start, r."end", coalesce(r.active, 'true') = 'true' AS active, r.away_starts, r.away_ends
FROM fhir."PractitionerRole" AS r
LEFT JOIN fhir.keys ON keys.ref = r.practitioner LEFT JOIN people ON people.own = keys.own
LEFT JOIN fhir.sites ON sites.ref = r.places[1]
WHERE NOT r.copy
"""

# Profession, site and FTE of the post held now (active before not, open before ended, latest start first);
# hired with the first post, left with the last when all have ended.
_PEOPLE = """
CREATE OR REPLACE TABLE fhir.people AS
WITH now AS (
    SELECT clinician, profession, site, fte, min(start) OVER posts AS hired_on,
           CASE WHEN count(*) OVER posts = count("end") OVER posts THEN max("end") OVER posts END AS left_on
    FROM fhir.roles
    WINDOW posts AS (PARTITION BY clinician)
    QUALIFY row_number() OVER (PARTITION BY clinician
        ORDER BY active DESC, "end" IS NULL DESC, start DESC NULLS LAST, own) = 1),
own AS (SELECT coalesce(own_id, resource_id) AS clinician,
               coalesce(qualification_text, qualification_words) AS qualification
        FROM fhir."Practitioner" WHERE NOT copy)
SELECT coalesce(own.clinician, now.clinician) AS clinician,
       coalesce(now.profession, own.qualification) AS profession,
       now.site, now.fte, now.hired_on, now.left_on
FROM own FULL JOIN now ON now.clinician = own.clinician
"""

_CLINICIANS = """
CREATE OR REPLACE TABLE fhir.known_clinicians AS
SELECT keys.ref, people.clinician, people.profession, people.site
FROM fhir.keys
JOIN fhir."Practitioner" AS p ON keys.own = 'Practitioner/' || p.resource_id AND NOT p.copy
JOIN fhir.people ON people.clinician = coalesce(p.own_id, p.resource_id)
UNION ALL
SELECT keys.ref, roles.clinician, roles.profession, roles.site
FROM fhir.keys JOIN fhir.roles ON roles.own = keys.own
"""


def look_up(con: Any) -> None:
    """Make `fhir.sites`, `fhir.known_patients`, `fhir.known_clinicians` (by reference), `fhir.people`."""
    con.execute(_ID_OF)
    forms = (_BY_ID, _BY_IDENTIFIER)
    parts = [form.format(kind=kind, table=table(kind)) for kind in IDENTIFIED for form in forms]
    con.execute(_KEYS.format(parts=" UNION ALL ".join(parts)))
    for statement in (_SITES, _PATIENTS, _ROLES, _PEOPLE, _CLINICIANS):
        con.execute(statement)
