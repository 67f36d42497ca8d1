/** Issues as people read them: `file:line:column  severity code  message`, and a hint. */
import type { Issue } from '../base/issue.ts';

export function issueText(issue: Issue): string {
  const at = issue.at ? `${issue.at.file}:${issue.at.line}:${issue.at.column}  ` : '';
  const hint = issue.hint ? `\n${' '.repeat(4)}hint  ${issue.hint}` : '';
  return `${at}${issue.severity} ${issue.code}  ${issue.message}${hint}`;
}

/** Every issue, in the order of the file. */
export function issuesText(issues: readonly Issue[]): string {
  const sorted = [...issues].sort(
    (a, b) =>
      (a.at?.file ?? '').localeCompare(b.at?.file ?? '') ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      (a.at?.column ?? 0) - (b.at?.column ?? 0),
  );
  return `${sorted.map(issueText).join('\n')}\n`;
}
