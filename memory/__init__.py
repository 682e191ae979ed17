"""What the room remembers: ledger, index, checkpoints."""
