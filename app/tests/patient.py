from config.worker import ArrivedRequestWorker


class PatientWorker(ArrivedRequestWorker):
    arrival_seconds = 3600
