"""Peer: JAX on the CPU, `lax.scan` over the days and `vmap` over scenarios and candidates."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

import quantiles
from work import (
    CANDIDATES,
    DAYS,
    LEAD_TIME,
    MEAN,
    ORDER_UP_TO,
    PATHS,
    REORDER_LEVEL,
    cheapest,
    mean_cost,
    measure,
)

UNITS = jnp.int16  # holds the stock of a scenario summed over the year
CUMULATIVE = jnp.asarray(quantiles.CUMULATIVE, jnp.float32)
GRID = jnp.asarray(CANDIDATES, UNITS)


def opening(order_up_to: jax.Array, shape: tuple[int, ...] = ()) -> tuple[jax.Array, ...]:
    """State before the first day: on hand, position, arriving, and the totals of `J1`."""
    zero = jnp.zeros(shape, UNITS)
    full = zero + order_up_to
    return full, full, jnp.zeros((LEAD_TIME, *shape), UNITS), zero, zero, zero, zero


def trade(
    state: tuple, demand: jax.Array, reorder_level: jax.Array, order_up_to: jax.Array
) -> tuple:
    """State after a day."""
    on_hand, position, arriving, holding, lost, sales, orders = state
    on_hand += arriving[0]

    sold = jnp.minimum(demand, on_hand)
    on_hand -= sold
    position -= sold
    sales += sold
    lost += demand - sold

    holding += on_hand

    low = position <= reorder_level
    order = jnp.where(low, order_up_to - position, 0)
    arriving = jnp.concatenate([arriving[1:], order[None]])
    return on_hand, position + order, arriving, holding, lost, sales, orders + low


def by_poisson(key: jax.Array) -> jax.Array:
    """Demand of a year, as the library draws it."""
    return jax.random.poisson(key, MEAN, (DAYS,)).astype(UNITS)


def by_poisson_daily(key: jax.Array) -> jax.Array:
    """The same with a draw each day, as environments for learning do it."""
    keys = jax.random.split(key, DAYS)
    return jax.lax.map(lambda key: jax.random.poisson(key, MEAN).astype(UNITS), keys)


def by_table(key: jax.Array) -> jax.Array:
    """Demand of a year, by inversion."""
    levels = jax.random.uniform(key, (DAYS, 1))
    return jnp.sum(levels >= CUMULATIVE[:-1], axis=1, dtype=UNITS)


def fresh(draw: Callable[[jax.Array], jax.Array]) -> Callable[[int], list[int]]:
    """`J1`: a function from a seed to the totals over `PATHS` scenarios."""

    def year(key: jax.Array) -> tuple[jax.Array, ...]:
        def day(state: tuple, demand: jax.Array) -> tuple[tuple, None]:
            return trade(state, demand, REORDER_LEVEL, ORDER_UP_TO), None

        state, _ = jax.lax.scan(day, opening(ORDER_UP_TO), draw(key))
        return state[3:]

    @jax.jit
    def years(keys: jax.Array) -> list[jax.Array]:
        return [total.sum() for total in jax.vmap(year)(keys)]

    return lambda seed: [int(x) for x in years(jax.random.split(jax.random.key(seed), PATHS))]


@jax.jit
def beforehand(demand: jax.Array, policies: jax.Array) -> list[jax.Array]:
    """Totals over all paths, for each policy."""

    def year(policy: jax.Array) -> list[jax.Array]:
        def day(state: tuple, demand: jax.Array) -> tuple[tuple, None]:
            return trade(state, demand, policy[0], policy[1]), None

        state, _ = jax.lax.scan(day, opening(policy[1], (PATHS,)), demand)
        return [total.sum() for total in state[3:]]

    return jax.vmap(year)(policies)


@jax.jit
def paths(seed: int) -> jax.Array:
    """A year of demand for `PATHS` scenarios, a row a day."""
    return jax.vmap(by_table)(jax.random.split(jax.random.key(seed), PATHS)).T


def costs(seed: int) -> list[float]:
    """`J2`: the mean cost of each candidate."""
    holding, lost, _, orders = (np.asarray(total) for total in beforehand(paths(seed), GRID))
    return mean_cost(holding, lost, orders).tolist()


drawn = paths(0)
policy = jnp.asarray([(REORDER_LEVEL, ORDER_UP_TO)], UNITS)
year = PATHS * DAYS
measure("J1", "JAX, jax.random.poisson each day", year, fresh(by_poisson_daily))
measure("J1", "JAX, jax.random.poisson", year, fresh(by_poisson))
measure("J1", "JAX, inverse-CDF table", year, fresh(by_table))
measure("J2", "JAX", len(CANDIDATES) * year, costs, cheapest)
measure("policy-only", "JAX", year, lambda _: [int(x[0]) for x in beforehand(drawn, policy)])
