# A fork bomb that stops at 200, so that it can be watched.
bomb
ps | wc
