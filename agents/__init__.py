"""The roles of the room, one file each: what a role reads, asks and answers."""
