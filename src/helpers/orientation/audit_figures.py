"""The picture of an audit: now and target for each shift."""

from __future__ import annotations

import pandas as pd

from helpers.orientation.audit import TOP
from helpers.pictures import BLUE, ORANGE, QUIET, Picture, new_figure
from helpers.withheld import silent_when_withheld


@silent_when_withheld
def gaps(table: pd.DataFrame) -> Picture:
    """Each shift from where it is to where it should be, the widest gap on top.

    Parameters
    ----------
    table : DataFrame
        From `audit.gaps`.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    fig, ax = new_figure("Where is the way from product to customer longest?", height=3.2)
    ax.hlines(rows.index, rows["now"], rows["target"], color=QUIET, linewidth=4)
    ax.plot(rows["now"], rows.index, "s", color=ORANGE, markersize=10, label="now")
    ax.plot(rows["target"], rows.index, "o", color=BLUE, markersize=10, label="target")
    ax.set_yticks(rows.index, rows["shift"])
    ax.set(xlim=(-0.3, TOP + 0.3), ylim=(-0.6, len(rows) - 0.4), xlabel=f"Points from 0 to {TOP}")
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
    says = "; ".join(f"{row.shift} from {row.now:g} to {row.target:g}" for row in table.itertuples())
    return Picture(fig, f"Four shifts with points now and wanted, the widest gap first. {says}.")
