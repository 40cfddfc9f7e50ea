from hypothesis import settings

# Examples are drawn the same way each time, and a slow machine is no failure.
settings.register_profile("workbook", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("workbook")
