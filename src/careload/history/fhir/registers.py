"""Episodes, referrals, patients, clinicians, leaves and slots, and the tables R4 has no resource for.

Each query gives `_row`, the columns of its table, and `aside`: why a row is no such record, or null.
"""

from __future__ import annotations

from careload.clinic import TABLES
from careload.history.fhir.views import URN
from careload.history.fhir.words import (
    EPISODE,
    ERROR,
    KIND,
    NOT_A_REQUEST,
    NOT_ASKED,
    NOT_OPENED,
    OUTCOME,
    REFERRAL,
    SLOT,
    URGENCY,
    among,
    words,
)
from careload.history.sql import literal, quoted

EPISODES = f"""
SELECT e.rowid + 1 AS _row, coalesce(e.own_id, e.resource_id) AS episode,
       coalesce(p.patient, fhir.person(e.patient)) AS patient,
       fhir.day(e.start) AS opened_on, fhir.day(e."end") AS closed_on,
       nullif(coalesce(e.own_reason, {words('e.status', EPISODE, otherwise='NULL')}), 'unknown') AS reason,
       CASE WHEN e.status = '{ERROR}' THEN 'fhir-entered-in-error'
            WHEN {among('e.status', NOT_OPENED)} THEN 'fhir-not-opened' END AS aside
FROM fhir."EpisodeOfCare" AS e LEFT JOIN fhir.known_patients AS p ON p.ref = e.patient
"""

# A request is a referral when its category or code says so, or when an appointment, a visit or an episode
# rests on it. The rest (laboratory, imaging, procedures …) are orders.
IS_REFERRAL = f"""
CREATE OR REPLACE TABLE fhir.is_referral AS
WITH named AS (
    SELECT based_on AS ref FROM fhir."Appointment" UNION SELECT based_on FROM fhir."Encounter"
    UNION SELECT unnest(requests) FROM fhir."EpisodeOfCare")
SELECT rowid AS place FROM fhir."ServiceRequest"
WHERE coalesce(not_to_do, 'false') <> 'true' AND NOT {among('intent', NOT_A_REQUEST)}
  AND (len(list_filter(list_append(categories, code), lambda x: {among('x', REFERRAL)})) > 0
       OR len(list_filter(list_append(category_words, code_words), lambda x: x ILIKE '%referral%')) > 0
       OR 'ServiceRequest/' || resource_id IN (SELECT ref FROM named WHERE ref IS NOT NULL))
"""

REFERRALS = f"""
WITH wished AS (
    SELECT based_on AS ref, min(wished) AS day FROM fhir."Appointment" WHERE NOT copy GROUP BY ALL),
r AS (SELECT *, rowid + 1 AS _row, fhir.first_of(actors, 'Practitioner') AS clinician_ref
      FROM fhir."ServiceRequest" WHERE rowid IN (SELECT place FROM fhir.is_referral))
SELECT r._row, coalesce(r.own_id, r.resource_id) AS referral,
       coalesce(p.patient, fhir.person(r.patient)) AS patient,
       CASE WHEN r.has_profession IS NOT NULL THEN r.own_profession
            ELSE coalesce(r.profession_text, r.profession_words, r.profession_code, c.profession)
            END AS profession,
       CASE WHEN r.has_site IS NOT NULL THEN r.own_site
            ELSE coalesce(s.site, fhir.id_of(r.places[1]), c.site) END AS site,
       r.authored AS requested_at,
       coalesce(r.own_urgency, {words('r.priority', URGENCY)}) AS urgency,
       fhir.day(coalesce(r.own_preferred, r.wished_day, r.wished_period, wished.day)) AS preferred_date,
       r.closed_on,
       nullif(coalesce(r.own_outcome, {words('r.status', OUTCOME, otherwise='NULL')}), 'unknown') AS outcome,
       CASE WHEN r.status = '{ERROR}' THEN 'fhir-entered-in-error'
            WHEN {among('r.status', NOT_ASKED)} THEN 'fhir-not-asked' END AS aside
FROM r
LEFT JOIN fhir.known_patients AS p ON p.ref = r.patient
LEFT JOIN fhir.known_clinicians AS c ON c.ref = r.clinician_ref
LEFT JOIN fhir.sites AS s ON s.ref = r.places[1]
LEFT JOIN wished ON wished.ref = 'ServiceRequest/' || r.resource_id
"""

# Of the address only the district, else the first three characters of the postal code, else the state.
PATIENTS = """
SELECT rowid + 1 AS _row, coalesce(own_id, resource_id) AS patient, need_group,
       coalesce(preferred_language, preferred_language_text, language, language_text) AS language,
       coverage, left(birth, 4) AS birth_year, age,
       coalesce(district, left(postal_code, 3), state) AS area, fhir.day(died) AS died_on,
       CASE WHEN animal IS NOT NULL THEN 'fhir-not-a-person'
            WHEN replaced_by IS NOT NULL THEN 'fhir-replaced' END AS aside
FROM fhir."Patient"
"""

# One row per Practitioner, and per clinician known only by a role.
CLINICIANS = """
WITH own AS (
    SELECT rowid + 1 AS _row, coalesce(own_id, resource_id) AS clinician FROM fhir."Practitioner"),
listed AS (
    SELECT * FROM own
    UNION ALL
    SELECT (SELECT count(*) FROM own) + row_number() OVER (ORDER BY clinician), clinician
    FROM fhir.people WHERE clinician NOT IN (SELECT clinician FROM own WHERE clinician IS NOT NULL))
SELECT listed._row, listed.clinician, people.profession, people.site, people.fte,
       fhir.day(people.hired_on) AS hired_on, fhir.day(people.left_on) AS left_on, NULL::VARCHAR AS aside
FROM listed LEFT JOIN fhir.people ON people.clinician = listed.clinician
"""

SLOTS = f"""
WITH actors AS (SELECT 'Schedule/' || resource_id AS ref, actors FROM fhir."Schedule" WHERE NOT copy),
slot AS (SELECT s.*, s.rowid + 1 AS _row, fhir.first_of(actors.actors, 'Practitioner') AS clinician_ref,
                fhir.first_of(actors.actors, 'Location') AS place
         FROM fhir."Slot" AS s LEFT JOIN actors ON actors.ref = s.schedule)
SELECT slot._row, coalesce(slot.own_id, slot.resource_id) AS slot,
       coalesce(c.clinician, fhir.id_of(slot.clinician_ref)) AS clinician,
       CASE WHEN slot.has_profession IS NULL THEN c.profession ELSE slot.own_profession END AS profession,
       CASE WHEN slot.has_site IS NULL THEN coalesce(s.site, fhir.id_of(slot.place), c.site)
            ELSE slot.own_site END AS site,
       coalesce(slot.own_kind, {words('slot.type', KIND, otherwise='NULL')}) AS kind,
       slot.start AS starts_at,
       coalesce(slot.own_minutes, fhir.minutes_between(slot.start, slot."end")::VARCHAR) AS minutes,
       {words('slot.status', SLOT)} AS status,
       coalesce(slot.own_capacity, slot.smart_capacity) AS capacity,
       CASE WHEN slot.status = '{ERROR}' THEN 'fhir-entered-in-error' END AS aside
FROM slot
LEFT JOIN fhir.known_clinicians AS c ON c.ref = slot.clinician_ref
LEFT JOIN fhir.sites AS s ON s.ref = slot.place
"""

# PractitionerRole.notAvailable; why somebody is away is free text and is not read.
_AWAY = """
SELECT row_number() OVER (ORDER BY own, n) AS _row, clinician, fhir.day(starts_on) AS starts_on,
       fhir.day(ends_on) AS ends_on
FROM (SELECT own, clinician, unnest(away_starts) AS starts_on, unnest(away_ends) AS ends_on,
             generate_subscripts(away_starts, 1) AS n FROM fhir.roles)
"""

# Tables without a resource in R4 come as Basic, one per row, one extension per cell.
CARRIED = ("leaves", "posts", "hours", "outcomes", "surveys")


def carried(name: str) -> str:
    """The query of a table that is carried by Basic."""
    cells = ", ".join(
        f"list_filter(list_zip(names, cells), lambda x: x[1] = {literal(URN + column)})[1][2]"
        f" AS {quoted(column)}" for column in TABLES[name].names
    )
    basic = f"""
        SELECT rowid + 1 AS _row, {cells}, NULL::VARCHAR AS aside
        FROM fhir."Basic" WHERE "table" = {literal(name)}"""
    return f"({_AWAY}) UNION ALL BY NAME ({basic})" if name == "leaves" else basic
