"""The plan: what the other reports found, put together into three moves that somebody carries out and somebody marks.

Nothing here is calculated from orders a second time. `evidence` reads the other
reports' key numbers, `gaps` puts their losses side by side, `moves` and `trials`
turn them into steps with a cost, an owner, a day and a test, `board` writes the
rows of the plan and finds what is missing in them, `campaign` marks a campaign
by its hold-out, `swot` and `loop` are the two pictures of the whole.
"""
