const noValue: readonly string[] = [];
const oneValue = ['PropertyValue'];
const twoValues = ['PropertyValue1', 'PropertyValue2'];
const valueList = ['PropertyValues'];

/**
 * Dataverse's query functions (namespace `Microsoft.Dynamics.CRM`) -> their parameters, besides PropertyName.
 * PropertyValues is a JSON list.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/queryfunctions
 */
export const queryFunctions: Readonly<Record<string, readonly string[]>> = {
  Between: valueList,
  NotBetween: valueList,
  In: valueList,
  NotIn: valueList,
  /** For columns with a full-text index only; other columns need `contains`. */
  Contains: oneValue,
  ContainValues: valueList,
  DoesNotContainValues: valueList,

  Above: oneValue,
  AboveOrEqual: oneValue,
  Under: oneValue,
  UnderOrEqual: oneValue,
  NotUnder: oneValue,

  EqualUserId: noValue,
  NotEqualUserId: noValue,
  EqualBusinessId: noValue,
  NotEqualBusinessId: noValue,
  EqualRoleBusinessId: noValue,
  EqualUserTeams: noValue,
  EqualUserOrUserTeams: noValue,
  EqualUserOrUserHierarchy: noValue,
  EqualUserOrUserHierarchyAndTeams: noValue,
  EqualUserLanguage: noValue,

  On: oneValue,
  OnOrAfter: oneValue,
  OnOrBefore: oneValue,
  Today: noValue,
  Tomorrow: noValue,
  Yesterday: noValue,
  ThisWeek: noValue,
  ThisMonth: noValue,
  ThisYear: noValue,
  ThisFiscalPeriod: noValue,
  ThisFiscalYear: noValue,

  Last7Days: noValue,
  LastWeek: noValue,
  LastMonth: noValue,
  LastYear: noValue,
  LastFiscalPeriod: noValue,
  LastFiscalYear: noValue,
  LastXHours: oneValue,
  LastXDays: oneValue,
  LastXWeeks: oneValue,
  LastXMonths: oneValue,
  LastXYears: oneValue,
  LastXFiscalPeriods: oneValue,
  LastXFiscalYears: oneValue,

  Next7Days: noValue,
  NextWeek: noValue,
  NextMonth: noValue,
  NextYear: noValue,
  NextFiscalPeriod: noValue,
  NextFiscalYear: noValue,
  NextXHours: oneValue,
  NextXDays: oneValue,
  NextXWeeks: oneValue,
  NextXMonths: oneValue,
  NextXYears: oneValue,
  NextXFiscalPeriods: oneValue,
  NextXFiscalYears: oneValue,

  OlderThanXMinutes: oneValue,
  OlderThanXHours: oneValue,
  OlderThanXDays: oneValue,
  OlderThanXWeeks: oneValue,
  OlderThanXMonths: oneValue,
  OlderThanXYears: oneValue,

  InFiscalPeriod: oneValue,
  InFiscalYear: oneValue,
  InFiscalPeriodAndYear: twoValues,
  InOrAfterFiscalPeriodAndYear: twoValues,
  InOrBeforeFiscalPeriodAndYear: twoValues,
};

/** The namespace prefix of Dataverse's functions, types and enums. */
export const crmNamespace = 'Microsoft.Dynamics.CRM.';
