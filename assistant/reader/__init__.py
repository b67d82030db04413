"""The trained reader: features of a candidate sentence, the model that scores them, and how it was trained."""
