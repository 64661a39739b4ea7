"""What happens on one day?

Takes a plan (a service as numbers), everyone on one day, the streams of chance. Gives everyone a day later,
and what was counted. Compiled; imports nothing of Careload but itself, so that a digest of this folder says
whether machine code kept from an earlier process still holds.

    day       the day, step by step: read this first
    slots     step 4, who is seen
    care      what happens to a patient
    people    what happens to a clinician
    start     the first day; in_care: patients amid treatment then
    counting  what is counted of visits and waits; the log
    lines     who stands where, and on whose caseload; the diary of what is to come
    desk      where everything lies that a day needs
    memory    records by their place in memory
    records   what everything is kept in
    entries   what an entry of the log tells
    chance    streams of chance
    compiled  machine code, and where it is kept
"""
