/** The schema of `vpcsim.trace/v1`, for validation and as JSON Schema for other programs
 *  (schema/trace-v1.schema.json). Loaded only where a schema is asked for: rendering does without. */
import * as z from 'zod';
import { TRACE_SCHEMA, type Trace } from '../trace/trace.ts';

const port = z.int().min(0).max(65535);
const count = z.int().min(0);
const share = z.number().min(0).max(1);
const texts = z.array(z.string());

const verdict = z.enum(['reachable', 'unreachable', 'ambiguous', 'undetermined', 'one-way']);

const disposition = z.enum([
  'delivered',
  'answered',
  'dropped',
  'rejected',
  'exited',
  'loop',
  'undetermined',
]);
const replyDisposition = z.enum([...disposition.options, 'none']);

const header = z
  .strictObject({
    protocol: z.string().describe('tcp, udp, icmp, or the number'),
    src: z.string(),
    dst: z.string(),
    sport: port.exactOptional(),
    dport: port.exactOptional(),
    ttl: z.int().min(0).max(255),
    mark: z.int().exactOptional().describe("the kernel's mark, where one is set"),
    icmp: z.strictObject({ type: z.int(), code: z.int() }).exactOptional(),
    free: z
      .array(z.enum(['sport', 'dport']))
      .exactOptional()
      .describe('ports whose number is a representative of a free choice'),
  })
  .meta({ id: 'header' });

const source = z.strictObject({ file: z.string(), line: count, column: count }).meta({ id: 'source' });

const step = z
  .strictObject({
    stage: z.string(),
    verdict: z.enum(['passed', 'matched', 'rewrote', 'denied', 'skipped']),
    rule: z.string().exactOptional(),
    source: source.exactOptional(),
    because: z.string(),
    before: header.exactOptional(),
    after: header.exactOptional(),
  })
  .meta({ id: 'step' });

const hop = z
  .strictObject({
    n: count.describe('counts through the path: forward hops first, then those of the reply'),
    leg: count,
    device: z.strictObject({ kind: z.string(), id: z.string(), name: z.string() }),
    az: z.string().nullable(),
    ghost: z.boolean().describe('beyond the first blocker: what would happen if it admitted the packet'),
    in: header,
    out: header,
    steps: z.array(step),
  })
  .meta({ id: 'hop' });

const symptom = z
  .strictObject({
    kind: z
      .string()
      .describe('connected, refused, timeout, icmp-TYPE, http-STATUS, reply, sent, mixed, unknown'),
    text: z.string(),
  })
  .meta({ id: 'symptom' });

const path = z
  .strictObject({
    id: count,
    share,
    via: texts,
    choices: z.array(z.strictObject({ why: z.string(), share })),
    legs: z.array(z.strictObject({ index: count, hops: z.array(count) })),
    hops: z.array(hop),
    disposition,
    code: z.string().nullable(),
    device: z.string().describe('kind/id of the device where the forward direction ended'),
    symptom,
    reply: z.strictObject({
      disposition: replyDisposition,
      code: z.string().nullable(),
      device: z.string().nullable(),
      hops: z.array(hop),
      asymmetric: z.boolean(),
    }),
    assumptions: texts,
    notModelled: texts,
    remarks: texts,
  })
  .meta({ id: 'path' });

const nextBlocker = z
  .strictObject({
    code: z.string(),
    device: z.string(),
    hop: count.nullable(),
    direction: z.enum(['forward', 'reply']),
  })
  .meta({ id: 'nextBlocker' });

const fixChecked = z
  .strictObject({
    result: z.enum(['admits', 'not-enough', 'covered', 'not-checked']),
    why: z.string().exactOptional(),
    next: nextBlocker.nullable().exactOptional(),
  })
  .describe('what a second trace said of the fix')
  .meta({ id: 'fixChecked' });

const blocker = z
  .strictObject({
    path: count,
    hop: count.nullable(),
    direction: z.enum(['forward', 'reply']),
    code: z.string(),
    awsCode: z.string().nullable(),
    device: z.string(),
    because: z.string(),
    rule: z.string().exactOptional(),
    source: source.exactOptional(),
    nearest: z.string().exactOptional(),
    fix: z.string().exactOptional(),
    fixChecked: fixChecked.exactOptional(),
  })
  .meta({ id: 'blocker' });

/** Validates a trace as read from JSON. */
export const traceSchema: z.ZodType<Trace> = z.strictObject({
  schema: z.literal(TRACE_SCHEMA),
  request: z.strictObject({
    from: z.string(),
    to: z.string(),
    protocol: z.string(),
    sourcePort: port.nullable(),
    destinationPort: port.nullable(),
    size: z.int().exactOptional(),
    df: z.boolean().exactOptional(),
  }),
  verdict,
  exitCode: z.literal([0, 1, 3]),
  paths: z.array(path),
  unexploredShare: share,
  reply: z.strictObject({ disposition: replyDisposition, code: z.string().nullable() }),
  blockers: z.array(blocker),
  afterFixes: z
    .strictObject({ verdict, blockers: z.array(nextBlocker) })
    .exactOptional()
    .describe('what would come of the flow with all fixes that help'),
  symptom,
  assumptions: texts,
  notModelled: texts,
  remarks: texts,
});

/** Text of schema/trace-v1.schema.json. */
export function traceSchemaText(): string {
  const schema = { title: TRACE_SCHEMA, ...z.toJSONSchema(traceSchema, { io: 'input', reused: 'inline' }) };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
