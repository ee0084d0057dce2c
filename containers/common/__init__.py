"""What every stage shares: the contract of containers/CONTRACT.md as a library."""
