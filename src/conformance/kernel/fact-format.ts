/** The file format of the kernel cases. */
import * as z from 'zod';

const lines = z.array(z.string());

export const factsFile = z.strictObject({
  schema: z.string().optional(),
  cases: z.array(
    z.strictObject({
      id: z.string(),
      fact: z.string(),
      rules: z.partialRecord(z.enum(['raw', 'mangle', 'nat', 'filter', 'security']), lines).optional(),
      nftables: z.string().optional(),
      sysctls: z.record(z.string(), z.string()).optional(),
      routing: lines.optional(),
      packets: z.array(
        z.strictObject({
          from: z.string(),
          to: z.string(),
          protocol: z.enum(['tcp', 'udp', 'icmp']),
          ttl: z.int().min(1).max(255).optional(),
        }),
      ),
    }),
  ),
});
