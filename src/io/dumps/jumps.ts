/** Where the chains of a table lead: jumps to chains that are not there, and jumps that come back. */
import { closeTo, type DumpText } from './dump-text.ts';

export interface Jump {
  readonly to: string;
  /** 0-based. */
  readonly line: number;
  /** 0-based column of the name. */
  readonly at: number;
}

/** Chain names with their jumps, and those that the kernel enters by itself. */
export interface JumpGraph {
  readonly table: string;
  readonly chains: ReadonlyMap<string, readonly Jump[]>;
  readonly entries: readonly string[];
}

export function checkJumps(dump: DumpText, graph: JumpGraph): void {
  for (const jumps of graph.chains.values())
    for (const { to, line, at } of jumps) {
      if (graph.entries.includes(to)) {
        const message = `a jump to ${to}, which is a built-in chain: the kernel alone enters it`;
        dump.error(line, { code: 'dump/jump-to-built-in', message, at });
        continue;
      }
      if (graph.chains.has(to)) continue;
      dump.error(line, {
        code: 'dump/no-such-chain',
        message: `table ${graph.table} has no chain ${JSON.stringify(to)}`,
        hint: dump.full ? undefined : closeTo(to, graph.chains.keys()),
        at,
      });
    }
  refuseLoops(dump, graph);
}

/** A packet that came to a loop would never leave it: the kernel refuses the rules (mark_source_chains with ELOOP,
 *  nft_chain_validate with EMLINK). It looks from the built-in chains on; a loop that nothing leads to may be. */
function refuseLoops(dump: DumpText, { table, chains, entries }: JumpGraph): void {
  const done = new Set<string>();
  /** Place on the path, of the chains that are being followed. */
  const open = new Map<string, number>();
  for (const entry of entries) {
    const path: { readonly chain: string; readonly jumps: readonly Jump[]; next: number }[] = [];
    const enter = (chain: string): void => {
      open.set(chain, path.length);
      path.push({ chain, jumps: chains.get(chain) ?? [], next: 0 });
    };
    if (!done.has(entry)) enter(entry);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const jump = top.jumps[top.next++];
      if (jump === undefined) {
        done.add(top.chain);
        open.delete(top.chain);
        path.pop();
        continue;
      }
      const place = open.get(jump.to);
      if (place !== undefined) {
        const cycle = shown([...path.slice(place).map(({ chain }) => chain), jump.to]);
        dump.error(jump.line, {
          code: 'dump/jump-loop',
          message: `chains of table ${table} jump in a circle: ${cycle}`,
          hint: 'the kernel refuses such rules (ELOOP: Too many levels of symbolic links)',
          at: jump.at,
        });
        // One issue for each circle: the rest of the chain need not lead there again.
        top.next = top.jumps.findIndex((other, index) => index >= top.next && other.to !== jump.to);
        if (top.next < 0) top.next = top.jumps.length;
      } else if (!done.has(jump.to) && chains.has(jump.to)) enter(jump.to);
    }
  }
}

function shown(cycle: readonly string[]): string {
  const chains = cycle.length > 8 ? [...cycle.slice(0, 3), '...', ...cycle.slice(-2)] : cycle;
  return chains.join(' -> ');
}
