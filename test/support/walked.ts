/** Walks one request through a network made in a test. */
import type { Network } from '../../src/trace/device.ts';
import { DEFAULT_MAX_BRANCHES, run } from '../../src/trace/engine.ts';
import { read } from '../../src/trace/read.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { Path, Trace } from '../../src/trace/trace.ts';

export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly strictListen?: boolean;
  readonly seenClient?: boolean;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** The trace of a request; the walk that does not record must come to the same verdict. */
export function walked(network: Network, request: Parameters<typeof run>[1], ask: Asked): Trace {
  const walk = (recording: boolean): Trace =>
    read(
      run(network, request, new Recorder(), {
        recording,
        strictListen: ask.strictListen ?? false,
        seenClient: ask.seenClient ?? false,
        uid: ask.uid,
        gid: ask.gid,
        maxBranches: DEFAULT_MAX_BRANCHES,
      }),
      {
        request: { from: ask.from, to: ask.to, protocol: 'tcp', sourcePort: null, destinationPort: null },
        locate: () => undefined,
        via: [''],
        remarks: [],
      },
    );
  const told = walk(true);
  const quick = walk(false).verdict;
  if (quick !== told.verdict) throw new Error(`recorded: ${told.verdict}, verdict only: ${quick}`);
  return told;
}

/** The one path of a trace. */
export function only(told: Trace): Path {
  if (told.paths.length !== 1) throw new Error(`${told.paths.length} paths`);
  return told.paths[0]!;
}
