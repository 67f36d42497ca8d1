/** Names in compiled rules: code holds numbers only, so each name (of an ipset, of a `recent` list) has one. */

const numbers = new Map<string, number>();
const names: string[] = [];

export function intern(name: string): number {
  let number = numbers.get(name);
  if (number === undefined) {
    number = names.push(name) - 1;
    numbers.set(name, number);
  }
  return number;
}

export const internedName = (number: number): string => names[number]!;
