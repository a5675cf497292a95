export type { Flight } from './flight.js';
export type { FlightReader } from './flight-reader.js';
export { Flights, type Boarded } from './flights.js';
