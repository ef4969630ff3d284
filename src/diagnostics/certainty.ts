/**
 * How often what was found comes about. `every run`: whatever else happens, unless the run is
 * over before by its time, a signal, or a program that asks for it. `some interleaving`: in an order of events
 * that is shown or can be. `possible`: it depends on what the spec does not say.
 */
export type Certainty = 'every run' | 'some interleaving' | 'possible';
