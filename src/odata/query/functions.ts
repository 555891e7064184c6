const none: readonly string[] = [];
const one = ['PropertyValue'];
const two = ['PropertyValue1', 'PropertyValue2'];
const many = ['PropertyValues'];

/**
 * Dataverse's own query functions (namespace `Microsoft.Dynamics.CRM`) -> the parameters each takes besides
 * PropertyName. PropertyValues is a JSON list.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/queryfunctions
 */
export const queryFunctions: Readonly<Record<string, readonly string[]>> = {
  Between: many,
  NotBetween: many,
  In: many,
  NotIn: many,
  ContainValues: many,
  DoesNotContainValues: many,

  Above: one,
  AboveOrEqual: one,
  Under: one,
  UnderOrEqual: one,
  NotUnder: one,

  EqualUserId: none,
  NotEqualUserId: none,
  EqualBusinessId: none,
  NotEqualBusinessId: none,
  EqualUserTeams: none,
  EqualUserOrUserTeams: none,
  EqualUserOrUserHierarchy: none,
  EqualUserOrUserHierarchyAndTeams: none,
  EqualUserLanguage: none,

  On: one,
  OnOrAfter: one,
  OnOrBefore: one,
  Today: none,
  Tomorrow: none,
  Yesterday: none,
  ThisWeek: none,
  ThisMonth: none,
  ThisYear: none,
  ThisFiscalPeriod: none,
  ThisFiscalYear: none,

  Last7Days: none,
  LastWeek: none,
  LastMonth: none,
  LastYear: none,
  LastFiscalPeriod: none,
  LastFiscalYear: none,
  LastXHours: one,
  LastXDays: one,
  LastXWeeks: one,
  LastXMonths: one,
  LastXYears: one,
  LastXFiscalPeriods: one,
  LastXFiscalYears: one,

  Next7Days: none,
  NextWeek: none,
  NextMonth: none,
  NextYear: none,
  NextFiscalPeriod: none,
  NextFiscalYear: none,
  NextXHours: one,
  NextXDays: one,
  NextXWeeks: one,
  NextXMonths: one,
  NextXYears: one,
  NextXFiscalPeriods: one,
  NextXFiscalYears: one,

  OlderThanXMinutes: one,
  OlderThanXHours: one,
  OlderThanXDays: one,
  OlderThanXWeeks: one,
  OlderThanXMonths: one,
  OlderThanXYears: one,

  InFiscalPeriod: one,
  InFiscalYear: one,
  InFiscalPeriodAndYear: two,
  InOrAfterFiscalPeriodAndYear: two,
  InOrBeforeFiscalPeriodAndYear: two,
};

/** What stands before the name of every function, type and enum of Dataverse. */
export const namespace = 'Microsoft.Dynamics.CRM.';
