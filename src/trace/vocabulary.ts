/** The words of traces: drop codes, step kinds, choices, assumptions and limits of the model.
 *  Each is declared beside the code that uses it and gets a dense number, by which records refer to it; the number
 *  never leaves the process. Texts are made only when a trace is read. */
import type { Origin } from '../base/origin.ts';
import type { DeviceRecord } from './device.ts';

/** The packet's fields at one moment, as a record holds them. */
export interface PacketView {
  readonly protocol: number;
  readonly src: number;
  readonly dst: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly ttl: number;
  readonly mark: number;
  readonly free: number;
}

/** What a wording function may look at. `a` to `d` are the numbers given when the step was recorded. */
export interface Wording<D extends DeviceRecord = DeviceRecord> {
  readonly self: D;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly before: PacketView;
  readonly after: PacketView;
  /** The record of another device, by its index. */
  device(index: number): DeviceRecord;
}

export interface StepText {
  /** Where in the device: "security group in", "nat PREROUTING", "route table". */
  readonly stage: string;
  /** The rule that decided, as its owner writes it. */
  readonly rule?: string | undefined;
  /** Why, in one clause. */
  readonly because: string;
  readonly origin?: Origin | undefined;
}

export interface DropText extends StepText {
  /** The rule that almost matched, and what it lacks. */
  readonly nearest?: string | undefined;
  /** One change that would admit this packet. */
  readonly fix?: string | undefined;
  /** The same change as data, which the world can apply. */
  readonly change?: Change | undefined;
  /** Explanation code of AWS's Reachability Analyzer for this case, where the drop code has several. */
  readonly aws?: string | undefined;
}

/** A change of the network; the floors that make and apply it know its kinds. */
export interface Change {
  readonly kind: string;
}

export type Step = number & { readonly brand: 'step' };
export type Drop = number & { readonly brand: 'drop' };
export type Choice = number & { readonly brand: 'choice' };
export type Note = number & { readonly brand: 'note' };

export interface DropDefinition {
  /** `area/cause`: stable, part of the public interface. */
  readonly code: string;
  /** One sentence: what this code says. */
  readonly means: string;
  /** Explanation code of AWS's Reachability Analyzer, where one says the same; several where cases differ, the usual
   *  one first. */
  readonly aws?: string | readonly string[];
  /** What the application sees, where that is neither a timeout nor a refusal. */
  readonly symptom?: { readonly kind: string; readonly text: string };
  /** What usually causes it. */
  readonly causes: readonly string[];
  /** How to look at it: commands or places. */
  readonly look: readonly string[];
  word(wording: Wording): DropText;
}

export interface StepDefinition {
  readonly name: string;
  word(wording: Wording): StepText;
}

export interface ChoiceDefinition {
  readonly name: string;
  /** Chance: weights sum to 1. Unknown: nobody can know, so every side is walked in full. */
  readonly nature: 'chance' | 'unknown';
  /** Why this alternative, `picked` of `count`. For an unknown: what it is that nobody knows. */
  word(wording: Wording & { readonly picked: number; readonly count: number }): string;
}

export interface NoteDefinition {
  readonly name: string;
  /** An assumption holds for the answer as printed; a limit is something that is not modelled;
   *  a remark is worth knowing and changes nothing. */
  readonly nature: 'assumption' | 'limit' | 'remark';
  word(wording: Wording): string;
}

const drops: DropDefinition[] = [];
const steps: StepDefinition[] = [];
const choices: ChoiceDefinition[] = [];
const notes: NoteDefinition[] = [];

type Worded<D extends DeviceRecord, T extends { word(wording: never): unknown }> = Omit<T, 'word'> & {
  word(
    wording: Wording<D> & (Parameters<T['word']>[0] extends infer W ? Omit<W, keyof Wording> : never),
  ): ReturnType<T['word']>;
};

/** Declares a drop code. */
export function drop<D extends DeviceRecord>(definition: Worded<D, DropDefinition>): Drop {
  return (drops.push(definition as DropDefinition) - 1) as Drop;
}

/** Declares a kind of step. */
export function step<D extends DeviceRecord>(name: string, word: (wording: Wording<D>) => StepText): Step {
  return (steps.push({ name, word: word as StepDefinition['word'] }) - 1) as Step;
}

/** Declares a kind of choice. */
export function choice<D extends DeviceRecord>(definition: Worded<D, ChoiceDefinition>): Choice {
  return (choices.push(definition as ChoiceDefinition) - 1) as Choice;
}

/** Declares an assumption, a limit of the model, or a remark. */
export function note<D extends DeviceRecord>(definition: Worded<D, NoteDefinition>): Note {
  return (notes.push(definition as NoteDefinition) - 1) as Note;
}

export const dropOf = (index: number): DropDefinition => drops[index]!;
export const stepOf = (index: number): StepDefinition => steps[index]!;
export const choiceOf = (index: number): ChoiceDefinition => choices[index]!;
export const noteOf = (index: number): NoteDefinition => notes[index]!;

/** AWS's codes of a drop code, the usual one first. */
export function awsCodesOf({ aws }: DropDefinition): readonly string[] {
  return aws === undefined ? [] : typeof aws === 'string' ? [aws] : aws;
}

/** Every declared drop code, by code. */
export function allDrops(): readonly DropDefinition[] {
  return [...drops].sort((a, b) => (a.code < b.code ? -1 : 1));
}
