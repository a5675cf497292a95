import { z } from 'zod';

/** A name of a tenant, team or key, in the form in which the database has it: two files must not differ by how they spell é. */
export const nameSchema = z
  .string()
  .transform((text) => text.trim().normalize('NFC'))
  .pipe(z.string().min(1).max(100));
