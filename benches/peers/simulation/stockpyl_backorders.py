"""Peer: stockpyl. It has no lost sales, so what is not met waits; all else is as in `J1`."""

from collections.abc import Sequence

from stockpyl.sim import simulation
from stockpyl.supply_chain_network import single_stage_system

from work import (
    DAYS,
    HOLDING_COST,
    LEAD_TIME,
    LOST_COST,
    MEAN,
    ORDER_UP_TO,
    REORDER_LEVEL,
    Check,
    measure,
)


def simulate(seed: int) -> tuple[float, float, int]:
    """Units held, units waiting, and orders of one year."""
    network = single_stage_system(
        holding_cost=HOLDING_COST,
        stockout_cost=LOST_COST,
        demand_type="P",
        mean=MEAN,
        shipment_lead_time=LEAD_TIME,
        policy_type="sS",
        reorder_point=REORDER_LEVEL,
        order_up_to_level=ORDER_UP_TO,
    )
    simulation(network, DAYS, rand_seed=seed, progress_bar=False, consistency_checks="N")
    shop = network.nodes[0]
    days = shop.state_vars[:DAYS]
    levels = [sum(day.inventory_level.values()) for day in days]
    orders = sum(
        any(units for by_product in day.order_quantity.values() for units in by_product.values())
        for day in days
    )
    return sum(max(x, 0) for x in levels), sum(max(-x, 0) for x in levels), orders


def backorders(totals: Sequence[float], item_days: int) -> Check:
    """What a reader compares; there is no fill rate to be had."""
    names = ("holding_per_day", "waiting_per_day", "orders_per_day")
    return {name: round(total / item_days, 4) for name, total in zip(names, totals)}


measure("J1", "stockpyl (backorders)", DAYS, simulate, backorders)
