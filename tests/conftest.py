"""What every test may ask for. Each fixture stands in one file of tests/support."""

pytest_plugins = [
    "tests.support.browser",
    "tests.support.data",
    "tests.support.example",
    "tests.support.extract",
    "tests.support.marks",
    "tests.support.money",
    "tests.support.patience",
    "tests.support.postgres",
    "tests.support.runs",
    "tests.support.spark",
    "tests.support.tally",
]
