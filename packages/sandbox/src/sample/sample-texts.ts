/** Texts of the sample rows: invented companies, people and problems. */

export const companies: readonly (readonly [name: string, city: string, country: string])[] = [
  ['Alpenblick Hotels', 'Innsbruck', 'Austria'],
  ['Atelier Brun', 'Genève', 'Switzerland'],
  ['Baltic Ferries', 'Tallinn', 'Estonia'],
  ['Café Central', 'Wien', 'Austria'],
  ['Dómů Interiors', 'Praha', 'Czechia'],
  ['Elm & Oak Solicitors', 'Dublin', 'Ireland'],
  ['Fjord Shipping', 'Bergen', 'Norway'],
  ['Granja Solar', 'Sevilla', 'Spain'],
  ['Hafen Logistik', 'Hamburg', 'Germany'],
  ['Isola Cycles', 'Torino', 'Italy'],
  ['Jutland Clinics', 'Aarhus', 'Denmark'],
  ['Kestrel Software', 'Leeds', 'United Kingdom'],
  ['Lumen Theatre', 'Lyon', 'France'],
  ['Mokotów Bakery', 'Warszawa', 'Poland'],
  ['Norrland Timber', 'Umeå', 'Sweden'],
  ['Oranje Bikes', 'Utrecht', 'Netherlands'],
  ['Pannon Press', 'Budapest', 'Hungary'],
  ['Quinta do Mar', 'Porto', 'Portugal'],
  ['Rauma Paper', 'Rauma', 'Finland'],
  ['Santorini Tours', 'Athina', 'Greece'],
];

export const firstNames = [
  ...['Aino', 'Bruno', 'Chloé', 'Dario', 'Elif', 'Freya', 'Goran', 'Hanna', 'Ivo', 'Jana', 'Kamil', 'Léa'],
  ...['Mateo', 'Nora', 'Oskar', 'Petra', 'Quentin', 'Rui', 'Sanna', 'Tomáš', 'Ulla', 'Vera', 'Wim', 'Zoë'],
] as const;

export const lastNames = [
  ...['Andersen', 'Bianchi', 'Costa', 'Dubois', 'Eriksson', 'Fischer', 'García', 'Horváth', 'Ivanova'],
  ...['Jansen', 'Kowalski', 'Lindqvist', 'Müller', 'Novák', 'O’Brien', 'Papadakis', 'Rossi', 'Silva'],
  ...['Tamm', 'Urban', 'Virtanen', 'Weber', 'Yıldız', 'Zimmermann'],
] as const;

type Agent = readonly [firstName: string, lastName: string, title: string];

/** Users of the sample. The first one is the manager of the others. */
export const agents: readonly [Agent, ...Agent[]] = [
  ['Amira', 'Haddad', 'Service Manager'],
  ['Ben', 'Osei', 'Customer Service Representative'],
  ['Clara', 'Nyström', 'Customer Service Representative'],
  ['Dmitri', 'Orlov', 'Field Engineer'],
  ['Eva', 'Marini', 'Account Manager'],
];

export const products: readonly (readonly [name: string, number: string])[] = [
  ['Espresso Machine S-100', 'S100'],
  ['Espresso Machine S-200', 'S200'],
  ['Grinder G-10', 'G10'],
  ['Water Filter F-3', 'F3'],
  ['Service Plan Gold', 'PLAN-G'],
];

/** A problem, and the indexes of the products that can have it. */
export interface SampleProblem {
  readonly title: string;
  readonly description: string;
  readonly subject: string;
  readonly products: readonly number[];
}

const createProblem = (
  [title, description]: readonly [string, string],
  subject: string,
  productIndexes: readonly number[],
): SampleProblem => ({ title, description, subject, products: productIndexes });

const machineProducts = [0, 1];
const deviceProducts = [0, 1, 2];
const physicalProducts = [0, 1, 2, 3];
const allProducts = [0, 1, 2, 3, 4];

export const problems: readonly SampleProblem[] = [
  createProblem(
    ['does not heat up', 'The water stays cold, ten minutes after the ready sign.'],
    'Hardware',
    machineProducts,
  ),
  createProblem(
    ['leaks at the tank', 'A small pool forms under the machine overnight.'],
    'Hardware',
    machineProducts,
  ),
  createProblem(['grinds too coarse', 'The finest setting still gives coarse grounds.'], 'Hardware', [2]),
  createProblem(
    ['shows error E-42', 'E-42 since the firmware update; a restart does not help.'],
    'Firmware',
    machineProducts,
  ),
  createProblem(
    ['loses its Wi-Fi connection', 'It has to be set up again every few hours.'],
    'Firmware',
    machineProducts,
  ),
  createProblem(['makes a loud noise', 'A rattling noise, louder every day.'], 'Hardware', deviceProducts),
  createProblem(
    ['was delivered damaged', 'The box was open and a part is broken.'],
    'Delivery',
    physicalProducts,
  ),
  createProblem(
    ['has not arrived', 'Ordered two weeks ago, tracking shows no movement.'],
    'Delivery',
    physicalProducts,
  ),
  createProblem(
    ['was invoiced twice', 'Two invoices for one order; please cancel one.'],
    'Billing',
    allProducts,
  ),
  createProblem(
    ['needs another invoice address', 'The invoice must go to our head office.'],
    'Billing',
    allProducts,
  ),
  createProblem(
    ['and its warranty', 'Does the warranty cover the pump after three years?'],
    'Question',
    machineProducts,
  ),
  createProblem(['and descaling', 'Which descaler may be used, and how often?'], 'Question', machineProducts),
];

export const replies = [
  'Thank you for your message. We are looking into it and will come back to you today.',
  'Could you send us the serial number and a photo of the display?',
  'A spare part is on its way to you; it should arrive within two days.',
  'Our engineer can visit you on Thursday between nine and twelve. Does that suit you?',
  'We have corrected the invoice; you will find the new one attached.',
] as const;

export const notes = [
  'Customer called again, asked for a date.',
  'Checked the order in the warehouse: one unit left.',
  'Agreed on a free replacement as a gesture of goodwill.',
  'Known fault of this batch, see the article on E-42.',
] as const;

export const articles: readonly (readonly [title: string, content: string, keywords: string])[] = [
  [
    'What to do about error E-42',
    '<p>Switch the machine off, hold the left button for five seconds and switch it on again. If the error stays, the firmware must be installed anew.</p>',
    'E-42, firmware',
  ],
  [
    'Descaling an espresso machine',
    '<p>Every two months, with citric acid, never with vinegar.</p>',
    'descale, care',
  ],
  ['Setting the grinder', '<p>Turn the ring only while the grinder is running.</p>', 'grinder, coarse'],
  ['Connecting to Wi-Fi', '<p>Only networks of 2.4 GHz are supported.</p>', 'wifi, network'],
  ['What the warranty covers', '<p>Parts and labour for two years, the pump for five.</p>', 'warranty'],
];

export const opportunityNames = [
  'Twenty machines for the new head office',
  'Service plan for all branches',
  'Pilot with grinders',
  'Replacement of old machines',
  'Framework contract',
] as const;
