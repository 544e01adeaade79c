"""Peer: SimPy, the shop and each delivery as a process."""

from collections.abc import Iterator

import numpy as np
import simpy

from work import DAYS, LEAD_TIME, MEAN, ORDER_UP_TO, REORDER_LEVEL, measure

SCENARIOS = 50


class Shop:
    """A shop that is open from the day it is made."""

    def __init__(self, environment: simpy.Environment, demand: list[int]) -> None:
        self.environment = environment
        self.demand = demand
        self.on_hand = ORDER_UP_TO
        self.on_order = 0
        self.holding = self.lost = self.sales = self.orders = 0
        environment.process(self.trade())

    def trade(self) -> Iterator[simpy.Event]:
        """Sells, counts and reviews once a day."""
        for demand in self.demand:
            sold = min(demand, self.on_hand)
            self.on_hand -= sold
            self.sales += sold
            self.lost += demand - sold

            self.holding += self.on_hand

            position = self.on_hand + self.on_order
            if position <= REORDER_LEVEL:
                self.orders += 1
                self.environment.process(self.deliver(ORDER_UP_TO - position))
            yield self.environment.timeout(1)

    def deliver(self, units: int) -> Iterator[simpy.Event]:
        """Brings `units` before the shop opens: of events at one time SimPy takes the oldest."""
        self.on_order += units
        yield self.environment.timeout(LEAD_TIME)
        self.on_order -= units
        self.on_hand += units


def simulate(seed: int) -> list[int]:
    """Totals over `SCENARIOS` years."""
    shops = []
    for demand in np.random.default_rng(seed).poisson(MEAN, (SCENARIOS, DAYS)).tolist():
        environment = simpy.Environment()
        shops.append(Shop(environment, demand))
        environment.run()
    years = [(shop.holding, shop.lost, shop.sales, shop.orders) for shop in shops]
    return [sum(column) for column in zip(*years)]


measure("J1", "SimPy", SCENARIOS * DAYS, simulate)
