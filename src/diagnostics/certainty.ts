/**
 * How often what was found comes about. `every run`: whatever else happens. `some interleaving`: in an order of events
 * that is shown or can be. `possible`: it depends on what the spec does not say.
 */
export type Certainty = 'every run' | 'some interleaving' | 'possible';
