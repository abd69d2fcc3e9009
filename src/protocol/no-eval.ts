// zod tries whether it may make code at run time. Our policies forbid it, and the attempt would count as a breach: so
// it is told beforehand. Imported by every page's entry, before any schema is made.
import { config } from 'zod/v4/core';

config({ jitless: true });
