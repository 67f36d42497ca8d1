/** The help of the program and of each of its commands, as it prints it. */
import { vpcsim } from '../../support/console.ts';

export async function helpOfEveryCommand(): Promise<string> {
  const whole = await helpOf();
  const commands = [...whole.matchAll(/^ {2}vpcsim ([\w-]+)/gm)].map(([, name]) => name!);
  const sections = await Promise.all(
    commands.filter((name) => name !== 'completion').map(async (name) => section(name, await helpOf(name))),
  );
  return [fence(whole), ...sections].join('\n\n');
}

async function helpOf(...words: readonly string[]): Promise<string> {
  return (await vpcsim([...words, '--help'])).out.trimEnd();
}

const fence = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;
const section = (name: string, text: string): string => `## vpcsim ${name}\n\n${fence(text)}`;
