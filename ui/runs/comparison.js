/** What differs between the runs that are compared. */
export function makeComparison() {
  return { update() {} };
}
