"""`python -m transfer_rules`: the same as the command `transfer-rules`."""

from .cli import main

if __name__ == "__main__":
    main(prog_name="transfer-rules")
