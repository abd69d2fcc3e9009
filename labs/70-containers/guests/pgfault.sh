# Page faults: memory that is touched for the first time.
pgfault
