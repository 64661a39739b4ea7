// `return-clinic` and nothing else, on one thread and without vector instructions written by hand: how fast
// can this model be at all? The same steps as in text.py; its parameters come from there, as macros, when
// plain.py compiles this file.
//
//   plain CLINICIANS SEED REPLICATIONS    one line of JSON for each replication
//
// What makes it quick: patients lie packed in one list for each day on which they are due, so a day's list
// is copied whole to the end of the waiting line, which is thereby in order; dropout and crisis skip along
// the line to the next patient to whom they happen; serving has no branch that chance decides.

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

constexpr int days = DAYS, warm_up = WARM_UP, week = WEEK, working_days = WORKING_DAYS, gap = GAP;
static_assert(days < (1 << 16), "a patient's day is kept in 16 bits");

// Counter and mix after Steele, Lea and Flood (2014), SplitMix: two multiplications, and no draw waits for
// the one before.
struct Chance {
    using result_type = uint64_t;
    uint64_t state;

    static constexpr uint64_t min() { return 0; }
    static constexpr uint64_t max() { return UINT64_MAX; }

    uint64_t operator()() {
        uint64_t mixed = state += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }

    // Above 0 and at most 1, so that it has a logarithm.
    double uniform() { return static_cast<double>(((*this)() >> 11) + 1) * 0x1p-53; }

    int below(int limit) { return static_cast<int>(((*this)() >> 32) * static_cast<uint64_t>(limit) >> 32); }
};

// The 64-bit draw below which something of this probability happens.
constexpr uint64_t threshold(double probability) { return static_cast<uint64_t>(probability * 0x1p64); }

// How far it is to the next of many trials in which something of a small probability happens.
struct Skip {
    double scale;
    uint64_t ahead = 0;

    explicit Skip(double probability) : scale(1 / std::log1p(-probability)) {}

    void draw(Chance& chance) { ahead = static_cast<uint64_t>(std::log(chance.uniform()) * scale); }

    // Calls `happens(place)` for each of `trials` places in which it does.
    template <typename Happens> void along(uint64_t trials, Chance& chance, Happens happens) {
        uint64_t place = ahead;
        while (place < trials) {
            happens(place);
            draw(chance);
            place += 1 + ahead;
        }
        ahead = place - trials;
    }
};

// Visits still needed by a new patient, from the distribution's cumulative table.
struct VisitsNeeded {
    std::vector<uint64_t> up_to;
    std::array<uint8_t, 256> first{};

    VisitsNeeded() {
        double share = std::exp(-FURTHER_VISITS), sum = share;
        for (int further = 1; further < UINT8_MAX && sum < 1 - 1e-15; ++further) {
            up_to.push_back(threshold(sum));
            share *= FURTHER_VISITS / further;
            sum += share;
        }
        up_to.push_back(UINT64_MAX);
        for (uint64_t high = 0, index = 0; high < first.size(); ++high) {
            while (up_to[index] < high << 56) ++index;
            first[high] = static_cast<uint8_t>(index);
        }
    }

    uint8_t operator()(Chance& chance) const {
        uint64_t draw = chance();
        uint8_t further = first[draw >> 56];
        while (up_to[further] < draw) ++further;
        return static_cast<uint8_t>(1 + further);
    }
};

// `since` is the day of the last attended visit, or of arrival for who was not seen yet. Nothing is needed by
// who dropped out or went over to those in crisis: such a record only holds its place in the line.
struct Patient {
    uint16_t since;
    uint8_t visits_needed;
    uint8_t seen;
};

struct Tallies {
    std::array<std::array<int64_t, days + 1>, 2> waits{};  // for the first visit; between visits
    int64_t slots_used = 0, crises = 0, ed = 0, drop = 0;
};

class Clinic {
  public:
    Clinic(int clinicians, uint64_t seed) : chance{seed}, arrivals(ARRIVALS_PER_CLINICIAN * clinicians) {
        chance.state = chance();  // neighbouring seeds must not give streams that are shifts of each other
        slots = SLOTS_PER_CLINICIAN * clinicians;
        line.reserve(static_cast<size_t>(START_PER_CLINICIAN * clinicians));
        to_dropout.draw(chance);
        to_crisis.draw(chance);
        for (int patient = 0; patient < START_PER_CLINICIAN * clinicians; ++patient) {
            auto needed = static_cast<uint8_t>(1 + chance.below(START_VISITS));
            due_on(chance.below(START_DUE_DAYS)).push_back({0, needed, 0});
        }
    }

    void run() {
        for (int day = 0; day < days; ++day) {
            if (day == warm_up) counted = Tallies{};
            midnight();
            come_due(day);
            if (day % week < working_days) give_slots(day);
            new_patients(day);
        }
    }

    int64_t slots_served = 0;
    Tallies counted;

  private:
    using List = std::vector<Patient>;
    static constexpr int rings = 1 << 5;
    static_assert(gap < rings && START_DUE_DAYS <= rings, "due dates reach as far as the ring of lists");

    List& due_on(int day) { return due[static_cast<size_t>(day % rings)]; }

    void midnight() {
        drop_out_of_crisis();
        uint64_t waiting = line.size() - head;
        to_dropout.along(waiting, chance, [&](uint64_t place) {
            Patient& patient = line[head + place];
            counted.drop += patient.visits_needed > 0;
            patient.visits_needed = 0;
        });
        to_crisis.along(waiting, chance, [&](uint64_t place) {
            Patient& patient = line[head + place];
            if (patient.visits_needed == 0) return;
            in_crisis.push_back(patient);
            patient.visits_needed = 0;
            ++counted.crises;
            counted.ed += chance() < threshold(ED);
        });
    }

    void drop_out_of_crisis() {
        for (size_t place = in_crisis.size(); place-- > 0;) {
            if (chance() >= threshold(DROPOUT)) continue;
            ++counted.drop;
            in_crisis[place] = in_crisis.back();
            in_crisis.pop_back();
        }
    }

    void come_due(int day) {
        List& today = due_on(day);
        if (2 * head > line.size()) {  // moving the line up every day would cost as much as serving it
            line.erase(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(head));
            head = 0;
        }
        line.insert(line.end(), today.begin(), today.end());
        today.clear();
    }

    void give_slots(int day) {
        List& later = due_on(day + gap);
        size_t before = later.size();
        later.resize(before + static_cast<size_t>(slots));
        Patient* next = later.data() + before;
        int left = slots;
        for (; left > 0 && !in_crisis.empty(); --left) {
            next = serve(in_crisis.back(), day, next);
            in_crisis.pop_back();
        }
        for (; left > 0 && head < line.size(); ++head) {
            if (line[head].visits_needed == 0) continue;
            next = serve(line[head], day, next);
            --left;
        }
        later.resize(static_cast<size_t>(next - later.data()));
        slots_served += slots - left;
        counted.slots_used += slots - left;
    }

    // Whoever needs another visit is written to `next`; returns where the one after goes.
    Patient* serve(Patient patient, int day, Patient* next) {
        bool attended = chance() >= threshold(NO_SHOW);
        counted.waits[patient.seen][static_cast<size_t>(day - patient.since)] += attended;
        patient.since = attended ? static_cast<uint16_t>(day) : patient.since;
        patient.seen |= attended;
        patient.visits_needed = static_cast<uint8_t>(patient.visits_needed - attended);
        *next = patient;
        return next + (patient.visits_needed > 0);
    }

    void new_patients(int day) {
        List& tomorrow = due_on(day + 1);
        for (int left = arrivals(chance); left > 0; --left) {
            tomorrow.push_back({static_cast<uint16_t>(day), visits_needed(chance), 0});
        }
    }

    Chance chance;
    std::poisson_distribution<int> arrivals;
    VisitsNeeded visits_needed;
    Skip to_dropout{DROPOUT}, to_crisis{CRISIS};
    std::array<List, rings> due;
    List line, in_crisis;
    size_t head = 0;
    int slots;
};

int64_t slots_offered(int64_t slots_a_day) {
    int64_t open = 0;
    for (int day = warm_up; day < days; ++day) open += day % week < working_days;
    return open * slots_a_day;
}

template <typename Counts> int64_t sum(const Counts& counts, size_t up_to) {
    int64_t total = 0;
    for (size_t index = 0; index <= up_to; ++index) total += counts[index];
    return total;
}

template <typename Counts> double mean(const Counts& counts) {
    double weighted = 0;
    double day = 0;
    for (int64_t count : counts) weighted += day++ * static_cast<double>(count);
    return weighted / static_cast<double>(sum(counts, days));
}

template <typename Counts> int lower_quantile(const Counts& counts, int64_t percent) {
    int64_t reached = 0, total = sum(counts, days);
    int day = 0;
    while (100 * (reached += counts[static_cast<size_t>(day)]) < percent * total) ++day;
    return day;
}

void print(const Clinic& clinic, int clinicians, double seconds) {
    const auto& [intakes, intervals] = clinic.counted.waits;
    const Tallies& counted = clinic.counted;
    double between = static_cast<double>(sum(intervals, days));
    auto used = static_cast<double>(counted.slots_used);
    auto offered = static_cast<double>(slots_offered(SLOTS_PER_CLINICIAN * clinicians));
    std::printf("{\"mean\": %.17g, \"median\": %d, \"p90\": %d, \"pct14\": %.17g, ", mean(intervals),
                lower_quantile(intervals, MEDIAN), lower_quantile(intervals, NINE_TENTHS),
                static_cast<double>(sum(intervals, STANDARD_DAYS)) / between);
    std::printf("\"ed\": %lld, \"crises\": %lld, \"drop\": %lld, \"util\": %.17g, \"visits\": %lld, ",
                static_cast<long long>(counted.ed), static_cast<long long>(counted.crises),
                static_cast<long long>(counted.drop), used / offered,
                static_cast<long long>(sum(intakes, days) + sum(intervals, days)));
    std::printf("\"intake\": %.17g, \"slots_served\": %lld, \"seconds\": %.9f, ", mean(intakes),
                static_cast<long long>(clinic.slots_served), seconds);
    std::printf("\"histogram\": [");
    size_t longest = days;
    while (longest > 0 && intervals[longest] == 0) --longest;
    for (size_t day = 0; day <= longest; ++day) {
        std::printf(day ? ", %lld" : "%lld", static_cast<long long>(intervals[day]));
    }
    std::printf("]}\n");
}

int main(int count, char** words) {
    if (count != 4) {
        std::fprintf(stderr, "usage: plain CLINICIANS SEED REPLICATIONS\n");
        return 2;
    }
    int clinicians = std::atoi(words[1]), replications = std::atoi(words[3]);
    uint64_t seed = std::strtoull(words[2], nullptr, 10);
    for (int replication = 0; replication < replications; ++replication) {
        auto start = std::chrono::steady_clock::now();
        Clinic clinic(clinicians, seed + static_cast<uint64_t>(replication));
        clinic.run();
        std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        print(clinic, clinicians, seconds.count());
    }
}
