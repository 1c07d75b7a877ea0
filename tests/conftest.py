"""Options and shared set-up of the tests."""


def pytest_addoption(parser):
    parser.addoption("--approve", action="store_true", default=False, help="rewrite approved texts; read them in the diff")
