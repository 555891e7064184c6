/** `1 issue`, `3 issues` */
export function countIssues(issues: readonly unknown[]): string {
  return issues.length === 1 ? '1 issue' : `${issues.length} issues`;
}
