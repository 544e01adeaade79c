"""Demand as a table, for peers that draw it by inversion.

The guide says where to begin the search, so that it nearly always ends at once: Chen & Asau,
*On Generating Random Variates from an Empirical Distribution*, AIIE Transactions 6 (1974) 163–166.
"""

from bisect import bisect_right
from itertools import accumulate
from math import exp, factorial

from work import MEAN

LARGEST = 31
CUMULATIVE = list(accumulate(exp(-MEAN) * MEAN**d / factorial(d) for d in range(LARGEST)))
CUMULATIVE.append(1.0)  # beyond `LARGEST` lies less than one in 10^14

CELLS = 1024
GUIDE = [bisect_right(CUMULATIVE, cell / CELLS) for cell in range(CELLS)]
