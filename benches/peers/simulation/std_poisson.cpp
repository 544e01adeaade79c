// Peer: C++ with its standard library, one scenario after the other. See `work.py` for the work.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>

constexpr int days = 365;
constexpr int lead_time = 3;
constexpr int reorder_level = 18;
constexpr int order_up_to = 45;

struct Totals {
    long scenarios = 0, holding = 0, lost = 0, sales = 0, orders = 0;
};

static double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

static void simulate(std::mt19937_64 &generator, Totals &totals) {
    std::poisson_distribution<int> poisson(5.0);
    int on_hand = order_up_to, position = order_up_to, arriving[lead_time] = {}, slot = 0;
    for (int day = 0; day < days; ++day) {
        on_hand += arriving[slot];

        const int demand = poisson(generator);
        const int sold = std::min(demand, on_hand);
        on_hand -= sold;
        position -= sold;
        totals.sales += sold;
        totals.lost += demand - sold;

        totals.holding += on_hand;

        const bool low = position <= reorder_level;
        const int order = low ? order_up_to - position : 0;
        arriving[slot] = order;
        position += order;
        totals.orders += low;

        if (++slot == lead_time) slot = 0;
    }
    ++totals.scenarios;
}

int main(int count, char **arguments) {
    const double seconds = count > 1 ? std::atof(arguments[1]) : 1.0;
    std::mt19937_64 generator(1);
    Totals totals;
    const double begin = cpu_seconds();
    double spent = 0.0;
    while (spent < seconds) {
        for (int scenario = 0; scenario < 1000; ++scenario) simulate(generator, totals);
        spent = cpu_seconds() - begin;
    }

    const double item_days = static_cast<double>(totals.scenarios) * days;
    std::printf("{\"work\": \"J1\", \"who\": \"C++, std::poisson_distribution\", \"value\": %.0f, "
                "\"unit\": \"item-periods/s\", \"check\": {\"fill_rate\": %.5f, "
                "\"holding_per_day\": %.4f, \"orders_per_day\": %.5f}}\n",
                item_days / spent, static_cast<double>(totals.sales) / (totals.sales + totals.lost),
                totals.holding / item_days, totals.orders / item_days);
}
