/** What a hop did, as lines of words. */
import type { Hop, TraceStep } from '../../trace/trace.ts';
import { changedEnds, decisiveSteps, isBoring, shortRule } from '../decisive.ts';
import { clip, wrap } from './lines.ts';

export interface HopWords {
  readonly lines: readonly string[];
  readonly denies: boolean;
}

/** The decisive steps of a hop in a column of `width`; beside the first line there may be less room. */
export function hopWords(hop: Hop, width: number, first: number): HopWords {
  const steps = decisiveSteps(hop);
  const denies = steps.some((step) => step.verdict === 'denied');
  if (steps.length === 0) return { lines: [hop.ghost ? 'would pass' : 'passes'], denies };
  if (isBoring(hop)) return { lines: [clip(words(steps[0]!, hop.ghost), first)], denies };
  return {
    lines: steps.flatMap((step, i) => stepLines(step, hop.ghost, width, i === 0 ? first : width)),
    denies,
  };
}

function stepLines(step: TraceStep, ghost: boolean, width: number, first: number): readonly string[] {
  const lines = wrap(words(step, ghost), width, first);
  // A match names its rule already, a denial's stands with its explanation below the path.
  if (verdictOf(step) !== 'rewrote' || step.rule === undefined || !tellsMore(step.rule)) return lines;
  return [...lines, ...wrap(shortRule(step.rule), width - 2).map((line) => `  ${line}`)];
}

/** A rule of several words; a lone address or state is in the line or in the header already. */
function tellsMore(rule: string): boolean {
  return rule.includes(' ');
}

function verdictOf(step: TraceStep): TraceStep['verdict'] {
  const aside = step.verdict === 'rewrote' && changedEnds(step.before, step.after).length === 0;
  return aside ? 'matched' : step.verdict;
}

function words(step: TraceStep, ghost: boolean): string {
  const { rule, because } = step;
  // The chain within a hook is named by its rule.
  const stage = step.stage.replace(/ > .*/, '');
  switch (verdictOf(step)) {
    case 'denied':
      return `${ghost ? 'would DENY' : 'DENY'}  ${stage}: ${because}`;
    case 'matched':
      return `${ghost ? 'would match ' : ''}${stage}: ${rule === undefined ? because : shortRule(rule)}`;
    case 'rewrote':
      return `${ghost ? 'would rewrite, ' : ''}${stage}: ${because}`;
    default:
      return `${ghost ? 'would pass ' : ''}${stage}: ${because}`;
  }
}
