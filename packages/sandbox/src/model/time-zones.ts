/** A time zone of Dataverse. The codes and names are those of Windows, the rules those of the IANA zone. */
export interface TimeZone {
  readonly code: number;
  /** `W. Europe Standard Time` */
  readonly standardName: string;
  /** `Europe/Berlin` */
  readonly iana: string;
  /** Places, without the offset: `Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna`. */
  readonly places: string;
}

/**
 * Code, name, IANA zone (from the Unicode CLDR) and places.
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/timezonedefinition
 */
const rows: readonly (readonly [code: number, name: string, iana: string, places: string])[] = [
  [0, 'Dateline', 'Etc/GMT+12', 'International Date Line West'],
  [1, 'Samoa', 'Pacific/Apia', 'Samoa'],
  [2, 'Hawaiian', 'Pacific/Honolulu', 'Hawaii'],
  [3, 'Alaskan', 'America/Anchorage', 'Alaska'],
  [4, 'Pacific', 'America/Los_Angeles', 'Pacific Time (US & Canada)'],
  [10, 'Mountain', 'America/Denver', 'Mountain Time (US & Canada)'],
  [13, 'Mountain Standard Time (Mexico)', 'America/Mazatlan', 'Chihuahua, La Paz, Mazatlan'],
  [15, 'US Mountain', 'America/Phoenix', 'Arizona'],
  [20, 'Central', 'America/Chicago', 'Central Time (US & Canada)'],
  [25, 'Canada Central', 'America/Regina', 'Saskatchewan'],
  [30, 'Central Standard Time (Mexico)', 'America/Mexico_City', 'Guadalajara, Mexico City, Monterrey'],
  [33, 'Central America', 'America/Guatemala', 'Central America'],
  [35, 'Eastern', 'America/New_York', 'Eastern Time (US & Canada)'],
  [40, 'US Eastern', 'America/Indiana/Indianapolis', 'Indiana (East)'],
  [45, 'SA Pacific', 'America/Bogota', 'Bogota, Lima, Quito'],
  [47, 'Venezuela', 'America/Caracas', 'Caracas'],
  [50, 'Atlantic', 'America/Halifax', 'Atlantic Time (Canada)'],
  [55, 'SA Western', 'America/La_Paz', 'Georgetown, La Paz, Manaus, San Juan'],
  [56, 'Pacific SA', 'America/Santiago', 'Santiago'],
  [60, 'Newfoundland', 'America/St_Johns', 'Newfoundland'],
  [65, 'E. South America', 'America/Sao_Paulo', 'Brasilia'],
  [69, 'Argentina', 'America/Argentina/Buenos_Aires', 'Buenos Aires'],
  [70, 'SA Eastern', 'America/Cayenne', 'Cayenne, Fortaleza'],
  [73, 'Greenland', 'America/Nuuk', 'Greenland'],
  [74, 'Montevideo', 'America/Montevideo', 'Montevideo'],
  [75, 'UTC-02', 'Etc/GMT+2', 'Coordinated Universal Time-02'],
  [80, 'Azores', 'Atlantic/Azores', 'Azores'],
  [83, 'Cape Verde', 'Atlantic/Cape_Verde', 'Cape Verde Is.'],
  [84, 'Morocco', 'Africa/Casablanca', 'Casablanca'],
  [85, 'GMT', 'Europe/London', 'Dublin, Edinburgh, Lisbon, London'],
  [90, 'Greenwich', 'Atlantic/Reykjavik', 'Monrovia, Reykjavik'],
  [92, 'UTC', 'UTC', 'Coordinated Universal Time'],
  [95, 'Central Europe', 'Europe/Budapest', 'Belgrade, Bratislava, Budapest, Ljubljana, Prague'],
  [100, 'Central European', 'Europe/Warsaw', 'Sarajevo, Skopje, Warsaw, Zagreb'],
  [105, 'Romance', 'Europe/Paris', 'Brussels, Copenhagen, Madrid, Paris'],
  [110, 'W. Europe', 'Europe/Berlin', 'Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna'],
  [113, 'W. Central Africa', 'Africa/Lagos', 'West Central Africa'],
  [115, 'E. Europe', 'Europe/Chisinau', 'Chisinau'],
  [120, 'Egypt', 'Africa/Cairo', 'Cairo'],
  [125, 'FLE', 'Europe/Kyiv', 'Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius'],
  [129, 'Jordan', 'Asia/Amman', 'Amman'],
  [130, 'GTB', 'Europe/Bucharest', 'Athens, Bucharest'],
  [131, 'Middle East', 'Asia/Beirut', 'Beirut'],
  [133, 'Syria', 'Asia/Damascus', 'Damascus'],
  [134, 'Turkey', 'Europe/Istanbul', 'Istanbul'],
  [135, 'Israel', 'Asia/Jerusalem', 'Jerusalem'],
  [140, 'South Africa', 'Africa/Johannesburg', 'Harare, Pretoria'],
  [141, 'Namibia', 'Africa/Windhoek', 'Windhoek'],
  [145, 'Russian', 'Europe/Moscow', 'Moscow, St. Petersburg'],
  [150, 'Arab', 'Asia/Riyadh', 'Kuwait, Riyadh'],
  [155, 'E. Africa', 'Africa/Nairobi', 'Nairobi'],
  [158, 'Arabic', 'Asia/Baghdad', 'Baghdad'],
  [160, 'Iran', 'Asia/Tehran', 'Tehran'],
  [165, 'Arabian', 'Asia/Dubai', 'Abu Dhabi, Muscat'],
  [169, 'Azerbaijan', 'Asia/Baku', 'Baku'],
  [170, 'Caucasus', 'Asia/Yerevan', 'Yerevan'],
  [172, 'Mauritius', 'Indian/Mauritius', 'Port Louis'],
  [173, 'Georgian', 'Asia/Tbilisi', 'Tbilisi'],
  [175, 'Afghanistan', 'Asia/Kabul', 'Kabul'],
  [180, 'Ekaterinburg', 'Asia/Yekaterinburg', 'Ekaterinburg'],
  [184, 'Pakistan', 'Asia/Karachi', 'Islamabad, Karachi'],
  [185, 'West Asia', 'Asia/Tashkent', 'Ashgabat, Tashkent'],
  [190, 'India', 'Asia/Kolkata', 'Chennai, Kolkata, Mumbai, New Delhi'],
  [193, 'Nepal', 'Asia/Kathmandu', 'Kathmandu'],
  [195, 'Central Asia', 'Asia/Bishkek', 'Bishkek'],
  [196, 'Bangladesh', 'Asia/Dhaka', 'Dhaka'],
  [200, 'Sri Lanka', 'Asia/Colombo', 'Sri Jayawardenepura'],
  [201, 'N. Central Asia', 'Asia/Novosibirsk', 'Novosibirsk'],
  [203, 'Myanmar', 'Asia/Yangon', 'Yangon (Rangoon)'],
  [205, 'SE Asia', 'Asia/Bangkok', 'Bangkok, Hanoi, Jakarta'],
  [207, 'North Asia', 'Asia/Krasnoyarsk', 'Krasnoyarsk'],
  [210, 'China', 'Asia/Shanghai', 'Beijing, Chongqing, Hong Kong, Urumqi'],
  [215, 'Singapore', 'Asia/Singapore', 'Kuala Lumpur, Singapore'],
  [220, 'Taipei', 'Asia/Taipei', 'Taipei'],
  [225, 'W. Australia', 'Australia/Perth', 'Perth'],
  [227, 'North Asia East', 'Asia/Irkutsk', 'Irkutsk'],
  [228, 'Ulaanbaatar', 'Asia/Ulaanbaatar', 'Ulaanbaatar'],
  [230, 'Korea', 'Asia/Seoul', 'Seoul'],
  [235, 'Tokyo', 'Asia/Tokyo', 'Osaka, Sapporo, Tokyo'],
  [240, 'Yakutsk', 'Asia/Yakutsk', 'Yakutsk'],
  [245, 'AUS Central', 'Australia/Darwin', 'Darwin'],
  [250, 'Cen. Australia', 'Australia/Adelaide', 'Adelaide'],
  [255, 'AUS Eastern', 'Australia/Sydney', 'Canberra, Melbourne, Sydney'],
  [260, 'E. Australia', 'Australia/Brisbane', 'Brisbane'],
  [265, 'Tasmania', 'Australia/Hobart', 'Hobart'],
  [270, 'Vladivostok', 'Asia/Vladivostok', 'Vladivostok'],
  [275, 'West Pacific', 'Pacific/Port_Moresby', 'Guam, Port Moresby'],
  [280, 'Central Pacific', 'Pacific/Guadalcanal', 'Solomon Is., New Caledonia'],
  [281, 'Magadan', 'Asia/Magadan', 'Magadan'],
  [285, 'Fiji', 'Pacific/Fiji', 'Fiji'],
  [290, 'New Zealand', 'Pacific/Auckland', 'Auckland, Wellington'],
  [300, 'Tonga', 'Pacific/Tongatapu', "Nuku'alofa"],
];

/** The time zones, by code. */
export const timeZones: readonly TimeZone[] = rows.map(([code, name, iana, places]) => ({
  code,
  standardName: /^UTC|Standard Time/.test(name) ? name : `${name} Standard Time`,
  iana,
  places,
}));

/** The code of UTC. */
export const utcCode = 92;

/** The time zone of a code. */
export const findTimeZone = (code: number): TimeZone | undefined =>
  timeZones.find((zone) => zone.code === code);
